-- A partition that is being detached: is it a partition still, and does it wait for FINALIZE?
-- psql -v partition=p -f detach_state.sql
SELECT (pg_catalog.to_jsonb(h) OPERATOR(pg_catalog.->>) 'inhdetachpending')::pg_catalog.bool
  FROM pg_catalog.pg_inherits h
 WHERE h.inhrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(:'partition');

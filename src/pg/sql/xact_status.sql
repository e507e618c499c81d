-- Whether a transaction was committed.
-- psql -v xid=12345 -f xact_status.sql
SELECT pg_catalog.pg_xact_status(:'xid'::pg_catalog.xid8);

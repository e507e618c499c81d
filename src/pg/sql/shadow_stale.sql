-- The shadow databases of runs that are dead: a minute old, and nobody is connected.
-- psql -f shadow_stale.sql
SELECT d.datname
  FROM pg_catalog.pg_database d
 WHERE d.datname OPERATOR(pg_catalog.~) '^cmig_shadow_[0-9]{10}_[0-9a-f]+$'
   AND pg_catalog.substr(d.datname::pg_catalog.text, 13, 10)::pg_catalog.int8
       OPERATOR(pg_catalog.<) (extract(epoch FROM pg_catalog.now())::pg_catalog.int8 OPERATOR(pg_catalog.-) 60)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datname OPERATOR(pg_catalog.=) d.datname);

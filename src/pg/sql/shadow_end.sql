-- Ends the session that still creates the shadow database of that name, and no other one.
-- psql -v name=cmig_shadow_1764000000_1a2b3c -f shadow_end.sql
SELECT pg_catalog.pg_terminate_backend(a.pid)
  FROM pg_catalog.pg_stat_activity a
 WHERE a.state OPERATOR(pg_catalog.=) 'active'
   AND pg_catalog.starts_with(a.query, pg_catalog.concat('CREATE DATABASE ', :'name', ' '));

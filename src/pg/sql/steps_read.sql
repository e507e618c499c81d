-- The statements of a block that were begun before, in order, and then the sessions of this database that are not idle. A
-- transaction that is about to record a statement is waited for. When a session began is hidden from a role that was set
-- at login, so that part is read as the user who logged in.
-- psql -v schema=public -v steps_table=cmig_version_steps -v revision=a1 -v direction=upgrade -f steps_read.sql
BEGIN;
LOCK TABLE :"schema".:"steps_table" IN SHARE MODE;
SELECT s.number, s.state, s.checksum, s.statement, s.pid, pg_catalog.to_jsonb(s.backend_start) AS backend_start
  FROM :"schema".:"steps_table" s
 WHERE s.revision OPERATOR(pg_catalog.=) :'revision' AND s.direction OPERATOR(pg_catalog.=) :'direction'
 ORDER BY s.number;
SET LOCAL ROLE NONE;
SELECT a.pid, pg_catalog.to_jsonb(a.backend_start) AS backend_start
  FROM pg_catalog.pg_stat_activity a
 WHERE a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid() AND coalesce(a.state, '') OPERATOR(pg_catalog.<>) 'idle'
   AND a.datname OPERATOR(pg_catalog.=) pg_catalog.current_database();
COMMIT;

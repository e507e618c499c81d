-- Who holds the lock of lock.sql: one row, or none where it is free by now.
-- What the holder does is hidden from a role that was set at login, so it is read as the user who logged in.
-- psql -v version_table=cmig_version -v schema=public -f lock_holder.sql
BEGIN;
SET LOCAL ROLE NONE;
SELECT a.pid, a.application_name, a.usename, pg_catalog.to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS')
  FROM (SELECT pg_catalog.hashtextextended(pg_catalog.concat('cmig ', :'schema', ' ', :'version_table'), 0) AS key) lock
  JOIN pg_catalog.pg_locks l ON l.locktype OPERATOR(pg_catalog.=) 'advisory' AND l.granted AND l.objsubid OPERATOR(pg_catalog.=) 1
   AND l.classid::pg_catalog.int8 OPERATOR(pg_catalog.=) ((lock.key OPERATOR(pg_catalog.>>) 32) OPERATOR(pg_catalog.&) 4294967295)
   AND l.objid::pg_catalog.int8 OPERATOR(pg_catalog.=) (lock.key OPERATOR(pg_catalog.&) 4294967295)
   AND l.database OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid OPERATOR(pg_catalog.=) l.pid;
COMMIT;

-- The statements of a block that were begun before, in their order. A transaction that is about to record one is waited for;
-- pid is there where the session that began one outside a transaction still runs it.
-- psql -v schema=public -v steps_table=cmig_version_steps -v revision=a1 -v direction=upgrade -f steps_read.sql
BEGIN;
LOCK TABLE :"schema".:"steps_table" IN SHARE MODE;
SELECT s.number, s.state, s.checksum, s.statement, a.pid
  FROM :"schema".:"steps_table" s
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid OPERATOR(pg_catalog.=) s.pid AND a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
   AND a.backend_start OPERATOR(pg_catalog.=) s.backend_start AND a.state IS DISTINCT FROM 'idle' AND s.state OPERATOR(pg_catalog.=) 'started'
 WHERE s.revision OPERATOR(pg_catalog.=) :'revision' AND s.direction OPERATOR(pg_catalog.=) :'direction'
 ORDER BY s.number;
COMMIT;

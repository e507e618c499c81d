-- Records where a statement of a block stands, and which session runs it.
-- psql -v schema=public -v steps_table=cmig_version_steps -v revision=a1 -v direction=upgrade -v number=1 -v state=finished -v checksum=ab -v statement='VACUUM t' -f steps_record.sql
INSERT INTO :"schema".:"steps_table" (revision, direction, number, state, checksum, statement, pid, backend_start)
SELECT :'revision', :'direction', :'number'::pg_catalog.int4, :'state', :'checksum', :'statement', a.pid, a.backend_start
  FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a
    ON CONFLICT (revision, direction, number) DO UPDATE
   SET state = excluded.state, checksum = excluded.checksum, statement = excluded.statement, pid = excluded.pid,
       backend_start = excluded.backend_start, changed_at = excluded.changed_at;

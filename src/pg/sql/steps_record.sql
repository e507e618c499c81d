-- Records the state of a statement of a block, and which session runs it. When the session began is hidden from a role
-- that was set at login, so it is read as the user who logged in.
-- psql -v schema=public -v steps_table=cmig_version_steps -v revision=a1 -v direction=upgrade -v number=1 -v state=finished -v checksum=ab -v statement='VACUUM t' -f steps_record.sql
SET LOCAL ROLE NONE;
SELECT pg_catalog.set_config('cmig.backend_start', pg_catalog.to_jsonb(a.backend_start) OPERATOR(pg_catalog.#>>) '{}', true)
  FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a;
SET LOCAL role TO DEFAULT;
INSERT INTO :"schema".:"steps_table" (revision, direction, number, state, checksum, statement, pid, backend_start)
VALUES (:'revision', :'direction', :'number'::pg_catalog.int4, :'state', :'checksum', :'statement', pg_catalog.pg_backend_pid(),
        pg_catalog.current_setting('cmig.backend_start')::pg_catalog.timestamptz)
    ON CONFLICT (revision, direction, number) DO UPDATE
   SET state = excluded.state, checksum = excluded.checksum, statement = excluded.statement, pid = excluded.pid,
       backend_start = excluded.backend_start, changed_at = excluded.changed_at;

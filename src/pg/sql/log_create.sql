-- The log table: one row for each step that was applied, never changed.
-- psql -v schema=public -v log_table=cmig_log -f log_create.sql
CREATE TABLE IF NOT EXISTS :"schema".:"log_table" (
    id           pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    revision     pg_catalog.text NOT NULL,
    direction    pg_catalog.text NOT NULL CHECK (direction IN ('upgrade', 'downgrade')),
    message      pg_catalog.text NOT NULL,
    checksum     pg_catalog.text NOT NULL,
    run_by       pg_catalog.text NOT NULL DEFAULT session_user,
    run_at       pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    duration_ms  pg_catalog.float8, -- NULL: run by a script of --sql
    cmig_version pg_catalog.text NOT NULL
);

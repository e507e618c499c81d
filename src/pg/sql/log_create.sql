-- The log table: one row for each step that was run, stamped or failed, never changed.
-- psql -v schema=public -v log_table=cmig_log -f log_create.sql
CREATE TABLE IF NOT EXISTS :"schema".:"log_table" (
    id                pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_table     pg_catalog.text NOT NULL, -- a log may serve several
    revision          pg_catalog.text NOT NULL, -- of a stamp: what the version table then held
    direction         pg_catalog.text NOT NULL CHECK (direction OPERATOR(pg_catalog.=) ANY (ARRAY['upgrade', 'downgrade', 'stamp']::pg_catalog.text[])),
    error             pg_catalog.text, -- NULL: it was done; else why it failed
    message           pg_catalog.text NOT NULL,
    checksum          pg_catalog.text NOT NULL, -- SHA-256 of the block as it ran
    semantic_checksum pg_catalog.text NOT NULL, -- the same of its tokens: comments and spaces do not matter
    file_checksum     pg_catalog.text NOT NULL, -- the same of the whole file
    source            pg_catalog.text, -- the whole file as it ran; NULL: over 1 MB, or run by a script of --sql
    run_by            pg_catalog.text NOT NULL DEFAULT session_user,
    run_host          pg_catalog.text, -- NULL: not known
    build             pg_catalog.text, -- of the application, as the ini file says
    git_commit        pg_catalog.text,
    run_at            pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(), -- its start
    duration_ms       pg_catalog.float8, -- NULL: not known
    lock_waits        pg_catalog.int4, -- how often its transaction was run again because of locks
    cmig_version      pg_catalog.text NOT NULL
);

-- What of a block outside a transaction has run: rows are there from its first statement to the row in the version table.
-- psql -v schema=public -v steps_table=cmig_version_steps -f steps_create.sql
CREATE TABLE IF NOT EXISTS :"schema".:"steps_table" (
    revision      pg_catalog.text NOT NULL,
    direction     pg_catalog.text NOT NULL,
    number        pg_catalog.int4 NOT NULL, -- of the statement, from 1; BEGIN ... COMMIT is one
    state         pg_catalog.text NOT NULL, -- started, failed or finished
    checksum      pg_catalog.text NOT NULL, -- SHA-256 of its tokens
    statement     pg_catalog.text NOT NULL, -- how it begins
    pid           pg_catalog.int4 NOT NULL, -- of the session that wrote the row
    backend_start pg_catalog.timestamptz NOT NULL, -- and when that began: a pid comes back
    changed_at    pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (revision, direction, number)
);

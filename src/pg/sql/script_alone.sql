-- What a script runs behind a block outside a transaction: fails where the block has left a transaction open.
-- psql -f script_alone.sql
DO $cmig$
BEGIN
    IF pg_catalog.timestamptz_ne(pg_catalog.now(), pg_catalog.statement_timestamp()) THEN
        RAISE EXCEPTION 'the revision leaves a transaction open' USING HINT = 'end each BEGIN in the block with COMMIT';
    END IF;
END
$cmig$;

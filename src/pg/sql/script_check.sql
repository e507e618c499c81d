-- What a script of --sql begins each transaction with: nobody else is at work, and the rows are those it was made for.
-- rows: ids with spaces between, or * for any.
-- psql -v schema= -v version_table=cmig_version -v name='"cmig_version"' -v rows='a1 b2' -f script_check.sql
SET LOCAL cmig.script_schema = :'schema';
SET LOCAL cmig.script_table = :'version_table';
SET LOCAL cmig.script_name = :'name';
SET LOCAL cmig.script_rows = :'rows';
DO $cmig$
DECLARE
    place    text := coalesce(nullif(current_setting('cmig.script_schema'), ''), current_schema());
    lock_key bigint := hashtextextended('cmig ' || place || ' ' || current_setting('cmig.script_table'), 0);
    expected text := current_setting('cmig.script_rows');
    found    text;
BEGIN
    IF NOT pg_try_advisory_xact_lock(lock_key) THEN
        RAISE EXCEPTION 'another run of cmig is at work on this database' USING HINT = 'run the script again later';
    END IF;
    EXECUTE 'LOCK TABLE ' || current_setting('cmig.script_name') || ' IN SHARE ROW EXCLUSIVE MODE';
    EXECUTE format('SELECT coalesce(string_agg(version_num, %L ORDER BY version_num COLLATE "C"), %L) FROM %s',
                   ' ', '', current_setting('cmig.script_name')) INTO found;
    IF expected <> '*' AND found <> expected THEN
        RAISE EXCEPTION 'this script begins at %, but the database is at %',
            coalesce(nullif(expected, ''), 'base'), coalesce(nullif(found, ''), 'base')
            USING HINT = 'make the script for where the database is: cmig upgrade --sql START:END';
    END IF;
END
$cmig$;

-- What a script of --sql begins each transaction with: nobody else is at work, and the rows are those it was made for.
-- rows: ids with spaces between, or * for any. Everything is qualified, so that no function of the user's is called.
-- psql -v schema= -v version_table=cmig_version -v name='"cmig_version"' -v rows='a1 b2' -f script_check.sql
SET LOCAL cmig.script_schema = :'schema';
SET LOCAL cmig.script_table = :'version_table';
SET LOCAL cmig.script_name = :'name';
SET LOCAL cmig.script_rows = :'rows';
DO $cmig$
DECLARE
    place    pg_catalog.text := pg_catalog.current_setting('cmig.script_schema');
    name     pg_catalog.text := pg_catalog.current_setting('cmig.script_name');
    expected pg_catalog.text := pg_catalog.current_setting('cmig.script_rows');
    found    pg_catalog.text;
BEGIN
    IF place OPERATOR(pg_catalog.=) '' THEN
        place := pg_catalog.current_schema();
    END IF;
    IF NOT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended(
            pg_catalog.concat('cmig ', place, ' ', pg_catalog.current_setting('cmig.script_table')), 0)) THEN
        RAISE EXCEPTION 'another run of cmig is at work on this database' USING HINT = 'run the script again later';
    END IF;
    SELECT n.nspname::pg_catalog.text INTO found
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
     WHERE c.oid OPERATOR(pg_catalog.=) name::pg_catalog.regclass;
    IF NOT pg_catalog.texteq(found, place) THEN
        RAISE EXCEPTION 'the table % is found in schema "%", but the current schema is "%"', name, found, place
            USING HINT = 'set version_table_schema, or a search_path that begins with the schema that is meant';
    END IF;
    EXECUTE pg_catalog.format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', name);
    EXECUTE pg_catalog.format(
        'SELECT coalesce(pg_catalog.string_agg(version_num, %L ORDER BY version_num COLLATE pg_catalog."C"), %L) FROM %s',
        ' ', '', name) INTO found;
    IF NOT pg_catalog.texteq(expected, '*') AND NOT pg_catalog.texteq(found, expected) THEN
        RAISE EXCEPTION 'this script begins at %, but the database is at %',
            CASE WHEN expected OPERATOR(pg_catalog.=) '' THEN 'base' ELSE expected END, CASE WHEN found OPERATOR(pg_catalog.=) '' THEN 'base' ELSE found END
            USING HINT = 'make the script again for where the database is: --sql START:END';
    END IF;
END
$cmig$;

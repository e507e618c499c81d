-- Drops the indexes that failed runs of CREATE INDEX CONCURRENTLY left in a shadow database.
DO $drop$
DECLARE
    name pg_catalog.text;
BEGIN
    FOR name IN SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
                  FROM pg_catalog.pg_index i
                  JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid AND c.relkind OPERATOR(pg_catalog.=) 'i'
                  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
                 WHERE NOT i.indisvalid LOOP
        EXECUTE 'DROP INDEX ' OPERATOR(pg_catalog.||) name;
    END LOOP;
END
$drop$;

-- Renames the foreign keys that a partition has from above. "names" has a line for each of them: the name of the key above, a tab,
-- and its new name in the partition, both quoted.
-- psql -v table=public.p1 -v names="$(printf 'p_fkey\tp1_fkey')" -f key_names.sql
BEGIN;
SET LOCAL cmig.partition = :'table';
SET LOCAL cmig.key_names = :'names';
DO $cmig$
DECLARE
    part pg_catalog.text := pg_catalog.current_setting('cmig.partition');
    key  pg_catalog.record;
BEGIN
    FOR key IN
        WITH RECURSIVE up AS (
             SELECT k.oid AS own, u.oid, u.conname, u.conparentid
               FROM pg_catalog.pg_constraint k
               JOIN pg_catalog.pg_constraint u ON u.oid OPERATOR(pg_catalog.=) k.conparentid AND u.conrelid OPERATOR(pg_catalog.<>) k.conrelid
              WHERE k.conrelid OPERATOR(pg_catalog.=) part::pg_catalog.regclass AND k.contype OPERATOR(pg_catalog.=) 'f'
             UNION ALL
             SELECT up.own, u.oid, u.conname, u.conparentid
               FROM up
               JOIN pg_catalog.pg_constraint u ON u.oid OPERATOR(pg_catalog.=) up.conparentid)
        SELECT up.own, l.names[2] AS name, pass.number AS pass
          FROM up
          JOIN pg_catalog.regexp_matches(pg_catalog.current_setting('cmig.key_names'),
                                         E'("(?:[^"]|"")*"|[^"\t\n]+)\t("(?:[^"]|"")*"|[^"\t\n]+)', 'g') AS l (names)
            ON l.names[1] OPERATOR(pg_catalog.=) pg_catalog.quote_ident(up.conname)
         CROSS JOIN (VALUES (1), (2)) AS pass (number) -- keys may exchange their names
         WHERE up.conparentid OPERATOR(pg_catalog.=) 0
         ORDER BY pass.number
    LOOP
        EXECUTE pg_catalog.format('ALTER TABLE %s RENAME CONSTRAINT %I TO %s', part,
                                  (SELECT k.conname FROM pg_catalog.pg_constraint k WHERE k.oid OPERATOR(pg_catalog.=) key.own),
                                  CASE WHEN key.pass OPERATOR(pg_catalog.=) 1 THEN pg_catalog.concat('cmig_', key.own) ELSE key.name END);
    END LOOP;
END
$cmig$;
COMMIT;

-- Compares two values by what both have: a row by the attributes of the same names, an array element by element. A number is
-- the same as its text.
CREATE OR REPLACE FUNCTION pg_temp.cmig_same(a pg_catalog.jsonb, b pg_catalog.jsonb) RETURNS pg_catalog.bool LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS '
SELECT CASE
       WHEN jsonb_typeof(a) = ''object'' AND jsonb_typeof(b) = ''object'' THEN
            (SELECT count(*) > 0 AND bool_and(pg_temp.cmig_same(x.value, y.value))
               FROM jsonb_each(a) x JOIN jsonb_each(b) y USING (key)) OR a = b
       WHEN jsonb_typeof(a) = ''array'' AND jsonb_typeof(b) = ''array'' THEN
            jsonb_array_length(a) = jsonb_array_length(b)
            AND NOT EXISTS (SELECT FROM jsonb_array_elements(a) WITH ORDINALITY x (value, n)
                              JOIN jsonb_array_elements(b) WITH ORDINALITY y (value, n) USING (n)
                             WHERE NOT pg_temp.cmig_same(x.value, y.value))
       ELSE a = b OR coalesce(a #>> ''{}'' = b #>> ''{}'', false) END';

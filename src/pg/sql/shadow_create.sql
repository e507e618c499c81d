-- The statement that makes a shadow database of the given name, with the encoding and locale of this one.
-- psql -v name=cmig_shadow_1_ab -f shadow_create.sql
SELECT pg_catalog.format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L%s%s', :'name',
       pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
       CASE pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'datlocprovider' WHEN 'i' THEN ' LOCALE_PROVIDER icu' WHEN 'b' THEN ' LOCALE_PROVIDER builtin' END,
       CASE pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'datlocprovider'
         WHEN 'i' THEN pg_catalog.format(' ICU_LOCALE %L', coalesce(pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'datlocale',
                                                                    pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'daticulocale'))
         WHEN 'b' THEN pg_catalog.format(' BUILTIN_LOCALE %L', pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'datlocale') END)
  FROM pg_catalog.pg_database d
 WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database();

-- The statement that creates a database of that name with the encoding and locale of the current one.
-- psql -v name=cmig_shadow_1764000000_1a2b3c -f shadow_create.sql
SELECT pg_catalog.format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L%s', :'name',
       pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
       CASE WHEN l.provider OPERATOR(pg_catalog.=) 'i' THEN pg_catalog.format(' LOCALE_PROVIDER icu ICU_LOCALE %L', l.locale)
            WHEN l.provider OPERATOR(pg_catalog.=) 'b' THEN pg_catalog.format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', l.locale) END)
  FROM pg_catalog.pg_database d
 CROSS JOIN LATERAL (
       SELECT pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'datlocprovider' AS provider,
              coalesce(pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'datlocale',
                       pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'daticulocale') AS locale) l
 WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database();

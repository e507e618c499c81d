-- The columns of tables whose values can be lost: psql -v tables="{public.a}" -f values_columns.sql
SELECT t.name, pg_catalog.quote_ident(a.attname) AS column_name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       a.attgenerated OPERATOR(pg_catalog.<>) '' AS is_generated
  FROM pg_catalog.unnest(:'tables'::pg_catalog.text[]) WITH ORDINALITY AS t (name, number)
  JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t.name) AND c.relkind OPERATOR(pg_catalog.=) 'r'
  JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0
        AND NOT a.attisdropped AND a.attgenerated OPERATOR(pg_catalog.<>) 'v' -- nothing is stored
 ORDER BY t.number, a.attnum;

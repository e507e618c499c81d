-- The columns that take values in tables: psql -v tables="{public.a,public.b}" -f fill_columns.sql. A column of a foreign key
-- comes with the column that it refers to.
SELECT t.name, a.attnum, pg_catalog.quote_ident(a.attname) AS column_name, a.atttypid, a.atttypmod,
       r.name AS referenced, k.confkey[pg_catalog.array_position(k.conkey, a.attnum)] AS referenced_attnum,
       a.attnotnull
  FROM pg_catalog.unnest(:'tables'::pg_catalog.text[]) WITH ORDINALITY AS t (name, number)
  JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t.name) AND c.relkind OPERATOR(pg_catalog.=) 'r'
  JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0
        AND NOT a.attisdropped AND a.attgenerated OPERATOR(pg_catalog.=) ''
  LEFT JOIN LATERAL (
       SELECT f.conkey, f.confkey, f.confrelid
         FROM pg_catalog.pg_constraint f
        WHERE f.conrelid OPERATOR(pg_catalog.=) c.oid AND f.contype OPERATOR(pg_catalog.=) 'f'
          AND a.attnum OPERATOR(pg_catalog.=) ANY (f.conkey)
        ORDER BY f.oid
        LIMIT 1) k ON true
  LEFT JOIN LATERAL (
       SELECT pg_catalog.format('%I.%I', n.nspname, q.relname) AS name
         FROM pg_catalog.pg_class q
         JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) q.relnamespace
        WHERE q.oid OPERATOR(pg_catalog.=) k.confrelid) r ON true
 ORDER BY t.number, a.attnum;

-- Lists the defaults of the columns of tables, foreign tables and views.
SELECT 'pg_attrdef'::regclass::oid AS classid, d.oid AS objid, 0 AS subid,
       'pg_class'::regclass::oid AS pclass, c.oid AS pobj, CASE c.relkind WHEN 'v' THEN 0 ELSE a.attnum::int4 END AS psub,
       n.nspname::text AS schema,
       format('%I.%I.%I', n.nspname, c.relname, a.attname) AS ident,
       NULL::text AS space,
       NULL::text AS called,
       concat(r.alter_column, ' SET DEFAULT ', r.expression) AS def,
       concat(r.alter_column, ' DROP DEFAULT') AS drop,
       '' AS sig,
       CASE WHEN c.relkind <> 'v' THEN ' DEFAULT ' || r.expression END AS inl,
       NULL::text AS type,
       CASE WHEN EXISTS (SELECT FROM regexp_matches(d.adbin::text, ':(?:op)?funcid ([0-9]+)', 'g') AS f (id)
                           JOIN pg_proc p ON p.oid = f.id[1]::oid
                          WHERE p.provolatile = 'v') THEN 'r' ELSE '' END AS flags,
       NULL::text AS owner
  FROM pg_attrdef d
  JOIN pg_class c ON c.oid = d.adrelid AND c.relkind IN ('r', 'p', 'f', 'v')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
 CROSS JOIN LATERAL (
       SELECT pg_get_expr(d.adbin, d.adrelid) AS expression,
              format('ALTER %s %I.%I ALTER COLUMN %I',
                     CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'f' THEN 'FOREIGN TABLE ONLY' ELSE 'TABLE ONLY' END,
                     n.nspname, c.relname, a.attname) AS alter_column
       OFFSET 0) r
 WHERE a.attgenerated = ''
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

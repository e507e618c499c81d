-- Lists the indexes that CLUSTER follows.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, -3 AS subid,
       'pg_class'::regclass::oid AS pclass, c.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.relname) AS ident,
       NULL::text AS space,
       NULL::text AS called,
       format('ALTER %s %I.%I CLUSTER ON %I', r.word, n.nspname, c.relname, ic.relname) AS def,
       format('ALTER %s %I.%I SET WITHOUT CLUSTER', r.word, n.nspname, c.relname) AS drop,
       '' AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_index i
  JOIN pg_class ic ON ic.oid = i.indexrelid
  JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS word) r
 WHERE i.indisclustered
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

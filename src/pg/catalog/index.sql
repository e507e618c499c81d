-- Lists the indexes, but for those that belong to a constraint.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS subid,
       'pg_class'::regclass::oid AS pclass, i.indrelid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.relname) AS ident,
       format('rel %I.%I', n.nspname, c.relname) AS space,
       format('INDEX %I.%I', n.nspname, c.relname) AS called,
       pg_get_indexdef(c.oid) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND c.oid NOT IN (SELECT k.conindid FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x'));

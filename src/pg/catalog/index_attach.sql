-- Lists the indexes of partitions that belong to an index of the partitioned table; they are never detached.
SELECT 'pg_inherits'::regclass::oid AS classid, c.oid AS objid, -4 AS subid,
       CASE WHEN k.oid IS NULL THEN 'pg_class'::regclass::oid ELSE 'pg_constraint'::regclass::oid END AS pclass,
       coalesce(k.oid, c.oid) AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.relname) AS ident,
       NULL::text AS space,
       NULL::text AS called,
       format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname, c.relname) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('i', 'I')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class p ON p.oid = i.inhparent
  JOIN pg_namespace pn ON pn.oid = p.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i'
        AND d.refclassid = 'pg_constraint'::regclass
  LEFT JOIN pg_constraint k ON k.oid = d.refobjid
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

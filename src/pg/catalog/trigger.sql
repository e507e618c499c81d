-- Lists the triggers that somebody wrote, not those of constraints nor a partitioned table's on its partitions.
SELECT 'pg_trigger'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       'pg_class'::regclass::oid AS pclass, c.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I.%I', n.nspname, c.relname, t.tgname) AS ident,
       NULL::text AS space,
       format('TRIGGER %I ON %I.%I', t.tgname, n.nspname, c.relname) AS called,
       pg_get_triggerdef(t.oid) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT t.tgisinternal AND t.tgparentid = 0
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the extended statistics.
SELECT 'pg_statistic_ext'::regclass::oid AS classid, s.oid AS objid, 0 AS subid,
       'pg_class'::regclass::oid AS pclass, s.stxrelid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, s.stxname) AS ident,
       NULL::text AS space,
       format('STATISTICS %I.%I', n.nspname, s.stxname) AS called,
       pg_get_statisticsobjdef(s.oid) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(s.stxowner)::text AS owner
  FROM pg_statistic_ext s
  JOIN pg_namespace n ON n.oid = s.stxnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

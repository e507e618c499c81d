-- Lists the rewrite rules, but for those that make a view.
SELECT 'pg_rewrite'::regclass::oid AS classid, w.oid AS objid, 0 AS subid,
       'pg_class'::regclass::oid AS pclass, c.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I.%I', n.nspname, c.relname, w.rulename) AS ident,
       NULL::text AS space,
       format('RULE %I ON %I.%I', w.rulename, n.nspname, c.relname) AS called,
       rtrim(pg_get_ruledef(w.oid), ';') AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_rewrite w
  JOIN pg_class c ON c.oid = w.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE w.rulename <> '_RETURN'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the columns that own a sequence: it is dropped with the column. Identity columns are not among them.
SELECT 'pg_class'::regclass::oid AS classid, s.oid AS objid, -1 AS subid,
       'pg_class'::regclass::oid AS pclass, s.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, s.relname) AS ident,
       NULL::text AS space,
       NULL::text AS called,
       format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, s.relname, tn.nspname, t.relname, a.attname) AS def,
       format('ALTER SEQUENCE %I.%I OWNED BY NONE', n.nspname, s.relname) AS drop,
       '' AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_class s
  JOIN pg_namespace n ON n.oid = s.relnamespace
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.objsubid = 0
   AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype = 'a'
  JOIN pg_class t ON t.oid = d.refobjid
  JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
 WHERE s.relkind = 'S'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

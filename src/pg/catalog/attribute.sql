-- Lists the attributes of composite types.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, a.attnum::int4 AS subid,
       'pg_type'::regclass::oid AS pclass, c.reltype AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I.%I', n.nspname, c.relname, a.attname) AS ident,
       NULL::text AS space,
       format('COLUMN %I.%I.%I', n.nspname, c.relname, a.attname) AS called,
       format('ALTER TYPE %I.%I ADD ATTRIBUTE %I %s', n.nspname, c.relname, a.attname, t.type) AS def,
       format('ALTER TYPE %I.%I DROP ATTRIBUTE %I', n.nspname, c.relname, a.attname) AS drop,
       NULL::text AS sig,
       format('%I %s', a.attname, t.type) AS inl,
       t.type,
       'l' AS flags,
       NULL::text AS owner
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type b ON b.oid = a.atttypid
  LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> b.typcollation
 CROSS JOIN LATERAL (SELECT concat(format_type(a.atttypid, a.atttypmod), ' COLLATE ' || co.oid::regcollation) AS type) t
 WHERE c.relkind = 'c'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

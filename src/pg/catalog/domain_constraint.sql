-- Lists the check constraints of domains.
SELECT 'pg_constraint'::regclass::oid AS classid, k.oid AS objid, 0 AS subid,
       'pg_type'::regclass::oid AS pclass, t.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I.%I', n.nspname, t.typname, k.conname) AS ident,
       NULL::text AS space,
       format('CONSTRAINT %I ON DOMAIN %I.%I', k.conname, n.nspname, t.typname) AS called,
       format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid)) AS def,
       format('ALTER DOMAIN %I.%I DROP CONSTRAINT %I', n.nspname, t.typname, k.conname) AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       'C' || CASE WHEN k.convalidated THEN 'v' ELSE '' END AS flags,
       NULL::text AS owner
  FROM pg_constraint k
  JOIN pg_type t ON t.oid = k.contypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE k.contype = 'c'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

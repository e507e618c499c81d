-- Lists the domains; their checks are of the kind domain_constraint, default and NOT NULL are facets.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, t.typname) AS ident,
       format('type %I.%I', n.nspname, t.typname) AS space,
       format('DOMAIN %I.%I', n.nspname, t.typname) AS called,
       format('CREATE DOMAIN %I.%I AS %s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
              ' COLLATE ' || co.oid::regcollation) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       't' AS flags,
       pg_get_userbyid(t.typowner)::text AS owner
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_collation co ON co.oid = t.typcollation AND t.typcollation <> b.typcollation
 WHERE t.typtype = 'd'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

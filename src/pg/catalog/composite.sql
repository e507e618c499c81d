-- Lists the composite types that CREATE TYPE made; "(%s)" is the place of their attributes.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, t.typname) AS ident,
       format('type %I.%I', n.nspname, t.typname) AS space,
       format('TYPE %I.%I', n.nspname, t.typname) AS called,
       format('CREATE TYPE %I.%I AS (%%s)', n.nspname, t.typname) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(t.typowner)::text AS owner
  FROM pg_class c
  JOIN pg_type t ON t.oid = c.reltype
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE c.relkind = 'c'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

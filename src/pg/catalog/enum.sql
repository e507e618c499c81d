-- Lists the enum types.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, t.typname) AS ident,
       format('type %I.%I', n.nspname, t.typname) AS space,
       format('TYPE %I.%I', n.nspname, t.typname) AS called,
       format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname, l.labels) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       't' AS flags,
       pg_get_userbyid(t.typowner)::text AS owner
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN (SELECT e.enumtypid, string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) AS labels
               FROM pg_enum e
              GROUP BY e.enumtypid) l ON l.enumtypid = t.oid
 WHERE t.typtype = 'e'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

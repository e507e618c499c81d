-- Lists the schemas of users.
SELECT 'pg_namespace'::regclass::oid AS classid, n.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       quote_ident(n.nspname) AS ident,
       NULL::text AS space,
       'SCHEMA ' || quote_ident(n.nspname) AS called,
       'CREATE SCHEMA ' || quote_ident(n.nspname) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(n.nspowner)::text AS owner
  FROM pg_namespace n
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the extensions, but for plpgsql, which every database has. The version is left out if it is the server's default.
SELECT 'pg_extension'::regclass::oid AS classid, e.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       quote_ident(e.extname) AS ident,
       NULL::text AS space,
       'EXTENSION ' || quote_ident(e.extname) AS called,
       concat(format('CREATE EXTENSION %I WITH SCHEMA %I', e.extname, n.nspname),
              CASE WHEN e.extversion IS DISTINCT FROM a.default_version THEN ' VERSION ' || quote_literal(e.extversion) END) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_available_extensions a ON a.name = e.extname
 WHERE e.extname <> 'plpgsql';

-- Lists the transforms between types and languages.
SELECT 'pg_transform'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       r.name AS ident,
       NULL::text AS space,
       'TRANSFORM ' || r.name AS called,
       format('CREATE TRANSFORM %s (%s)', r.name, concat_ws(', ',
              CASE WHEN t.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || t.trffromsql::regprocedure END,
              CASE WHEN t.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || t.trftosql::regprocedure END)) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_transform t
  JOIN pg_language l ON l.oid = t.trflang
 CROSS JOIN LATERAL (SELECT format('FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname) AS name) r
 WHERE t.oid >= 16384;

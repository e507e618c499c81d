-- Lists the casts that somebody made, but for those that a range type brings along.
SELECT 'pg_cast'::regclass::oid AS classid, k.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       r.name AS ident,
       NULL::text AS space,
       'CAST ' || r.name AS called,
       concat('CREATE CAST ', r.name,
              CASE k.castmethod WHEN 'b' THEN ' WITHOUT FUNCTION' WHEN 'i' THEN ' WITH INOUT'
                                ELSE ' WITH FUNCTION ' || k.castfunc::regprocedure END,
              CASE k.castcontext WHEN 'i' THEN ' AS IMPLICIT' WHEN 'a' THEN ' AS ASSIGNMENT' END) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_cast k
 CROSS JOIN LATERAL (
       SELECT format('(%s AS %s)', format_type(k.castsource, NULL), format_type(k.casttarget, NULL)) AS name) r
 WHERE k.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_cast'::regclass AND d.objid = k.oid AND d.deptype = 'i');

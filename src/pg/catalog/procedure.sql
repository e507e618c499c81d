-- Lists the procedures.
SELECT 'pg_proc'::regclass::oid AS classid, p.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       r.name AS ident,
       'proc ' || r.name AS space,
       'PROCEDURE ' || r.name AS called,
       rtrim(pg_get_functiondef(p.oid), E'\n') AS def,
       NULL::text AS drop,
       format(E'%s | %s | %s\t%s', pg_get_function_result(p.oid), pg_get_function_identity_arguments(p.oid), p.prokind,
              p.pronargdefaults) AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       concat(CASE WHEN p.has_sqlbody THEN 'b' END, CASE WHEN p.names_types THEN 'e' END) AS flags,
       pg_get_userbyid(p.proowner)::text AS owner
  FROM (VALUES (NULL::text)) AS before_14 (prosqlbody)
 CROSS JOIN LATERAL (SELECT q.oid, q.proname, q.pronamespace, q.proargtypes, q.prokind, q.pronargdefaults, q.proowner,
                            prosqlbody IS NOT NULL AS has_sqlbody,
                            concat(q.proargdefaults, prosqlbody) ~ 'type(?:id)? [1-9][0-9]{4}' AS names_types
                       FROM pg_proc q) p
  JOIN pg_namespace n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL (SELECT format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) AS name) r
 WHERE p.prokind = 'p'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

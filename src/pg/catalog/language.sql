-- Lists the procedural languages that somebody made.
SELECT 'pg_language'::regclass::oid AS classid, l.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       quote_ident(l.lanname) AS ident,
       NULL::text AS space,
       'LANGUAGE ' || quote_ident(l.lanname) AS called,
       concat('CREATE ', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' END, 'LANGUAGE ', quote_ident(l.lanname),
              ' HANDLER ', l.lanplcallfoid::regproc,
              CASE WHEN l.laninline <> 0 THEN ' INLINE ' || l.laninline::regproc END,
              CASE WHEN l.lanvalidator <> 0 THEN ' VALIDATOR ' || l.lanvalidator::regproc END) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(l.lanowner)::text AS owner
  FROM pg_language l
 WHERE l.lanispl AND l.oid >= 16384;

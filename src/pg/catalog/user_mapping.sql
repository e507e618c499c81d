-- Lists the user mappings, with the options that may be read. Options that look like a secret are left out.
SELECT 'pg_user_mapping'::regclass::oid AS classid, u.umid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       concat(r.role, ' on ', quote_ident(u.srvname)) AS ident,
       NULL::text AS space,
       NULL::text AS called,
       concat('CREATE USER MAPPING FOR ', r.role, ' SERVER ', quote_ident(u.srvname),
              ' OPTIONS (' || o.options || ')') AS def,
       concat('DROP USER MAPPING FOR ', r.role, ' SERVER ', quote_ident(u.srvname)) AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       CASE WHEN EXISTS (SELECT FROM pg_options_to_table(u.umoptions) WHERE option_name ~* current_setting('cmig.secret_options')) THEN 's' ELSE '' END AS flags,
       NULL::text AS owner
  FROM pg_user_mappings u
 CROSS JOIN LATERAL (SELECT CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END AS role) r
  LEFT JOIN LATERAL (
       SELECT string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name) AS options
         FROM pg_options_to_table(u.umoptions)
        WHERE option_name !~* current_setting('cmig.secret_options')
       ) o ON u.umoptions IS NOT NULL
 WHERE u.umid >= 16384;

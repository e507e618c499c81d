-- Lists the foreign servers. Options that look like a secret are left out.
SELECT 'pg_foreign_server'::regclass::oid AS classid, s.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       quote_ident(s.srvname) AS ident,
       NULL::text AS space,
       'SERVER ' || quote_ident(s.srvname) AS called,
       concat('CREATE SERVER ', quote_ident(s.srvname),
              ' TYPE ' || quote_literal(s.srvtype),
              ' VERSION ' || quote_literal(s.srvversion),
              ' FOREIGN DATA WRAPPER ', quote_ident(f.fdwname),
              ' OPTIONS (' || o.options || ')') AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       CASE WHEN EXISTS (SELECT FROM pg_options_to_table(s.srvoptions) WHERE option_name ~* current_setting('cmig.secret_options')) THEN 's' ELSE '' END AS flags,
       pg_get_userbyid(s.srvowner)::text AS owner
  FROM pg_foreign_server s
  JOIN pg_foreign_data_wrapper f ON f.oid = s.srvfdw
  LEFT JOIN LATERAL (
       SELECT string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name) AS options
         FROM pg_options_to_table(s.srvoptions)
        WHERE option_name !~* current_setting('cmig.secret_options')
       ) o ON s.srvoptions IS NOT NULL
 WHERE s.oid >= 16384;

-- Lists the foreign data wrappers. Options that look like a secret are left out.
SELECT 'pg_foreign_data_wrapper'::regclass::oid AS classid, f.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       quote_ident(f.fdwname) AS ident,
       NULL::text AS space,
       'FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname) AS called,
       concat('CREATE FOREIGN DATA WRAPPER ', quote_ident(f.fdwname),
              CASE WHEN f.fdwhandler <> 0 THEN ' HANDLER ' || f.fdwhandler::regproc END,
              CASE WHEN f.fdwvalidator <> 0 THEN ' VALIDATOR ' || f.fdwvalidator::regproc END,
              ' OPTIONS (' || o.options || ')') AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       CASE WHEN EXISTS (SELECT FROM pg_options_to_table(f.fdwoptions) WHERE option_name ~* current_setting('cmig.secret_options')) THEN 's' ELSE '' END AS flags,
       pg_get_userbyid(f.fdwowner)::text AS owner
  FROM pg_foreign_data_wrapper f
  LEFT JOIN LATERAL (
       SELECT string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name) AS options
         FROM pg_options_to_table(f.fdwoptions)
        WHERE option_name !~* current_setting('cmig.secret_options')
       ) o ON f.fdwoptions IS NOT NULL
 WHERE f.oid >= 16384;

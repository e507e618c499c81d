-- Lists what a foreign server is (its shape: that is never altered), its version, and its options but for secrets.
SELECT 'pg_foreign_server'::regclass::oid AS classid, s.oid AS objid, 0 AS subid,
       f.name, f.value, f.make, f.undo, f.change, true AS created
  FROM pg_foreign_server s
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
 CROSS JOIN LATERAL (
       SELECT 'shape' AS name, concat(quote_ident(w.fdwname), ' ' || quote_literal(s.srvtype)) AS value,
              NULL AS make, NULL AS undo, NULL AS change
       UNION ALL
       SELECT 'version', s.srvversion, format('ALTER SERVER %I VERSION %L', s.srvname, s.srvversion),
              format('ALTER SERVER %I VERSION NULL', s.srvname), NULL
        WHERE s.srvversion IS NOT NULL
       UNION ALL
       SELECT 'option ' || o.option_name, o.option_value,
              format('ALTER SERVER %I OPTIONS (ADD %I %L)', s.srvname, o.option_name, o.option_value),
              format('ALTER SERVER %I OPTIONS (DROP %I)', s.srvname, o.option_name),
              format('ALTER SERVER %I OPTIONS (SET %I %L)', s.srvname, o.option_name, o.option_value)
         FROM pg_options_to_table(s.srvoptions) o
        WHERE o.option_name !~* current_setting('cmig.secret_options')) f
 WHERE s.oid >= 16384;

-- Lists the options of user mappings that may be read, but for secrets.
SELECT 'pg_user_mapping'::regclass::oid AS classid, u.umid AS objid, 0 AS subid,
       'option ' || o.option_name AS name, o.option_value AS value,
       format('%s OPTIONS (ADD %I %L)', r.alter, o.option_name, o.option_value) AS make,
       format('%s OPTIONS (DROP %I)', r.alter, o.option_name) AS undo,
       format('%s OPTIONS (SET %I %L)', r.alter, o.option_name, o.option_value) AS change,
       true AS created
  FROM pg_user_mappings u
 CROSS JOIN LATERAL (
       SELECT format('ALTER USER MAPPING FOR %s SERVER %I',
                     CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END, u.srvname) AS alter) r
 CROSS JOIN LATERAL pg_options_to_table(u.umoptions) o
 WHERE o.option_name !~* current_setting('cmig.secret_options');

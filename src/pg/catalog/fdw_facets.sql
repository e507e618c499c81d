-- Lists handler, validator and options of the foreign data wrappers.
SELECT 'pg_foreign_data_wrapper'::regclass::oid AS classid, w.oid AS objid, 0 AS subid,
       f.name, f.value, w.alter || f.make AS make, w.alter || f.undo AS undo, w.alter || f.change AS change, true AS created
  FROM (SELECT d.*, format('ALTER FOREIGN DATA WRAPPER %I ', d.fdwname) AS alter
          FROM pg_foreign_data_wrapper d
         WHERE d.oid >= 16384) w
 CROSS JOIN LATERAL (
       SELECT 'handler' AS name, w.fdwhandler::regproc::text AS value, concat('HANDLER ', w.fdwhandler::regproc) AS make,
              'NO HANDLER' AS undo, NULL AS change
        WHERE w.fdwhandler <> 0
       UNION ALL
       SELECT 'validator', w.fdwvalidator::regproc::text, concat('VALIDATOR ', w.fdwvalidator::regproc), 'NO VALIDATOR', NULL
        WHERE w.fdwvalidator <> 0
       UNION ALL
       SELECT 'option ' || o.option_name, o.option_value,
              format('OPTIONS (ADD %I %L)', o.option_name, o.option_value),
              format('OPTIONS (DROP %I)', o.option_name),
              format('OPTIONS (SET %I %L)', o.option_name, o.option_value)
         FROM pg_options_to_table(w.fdwoptions) o
        WHERE o.option_name !~* current_setting('cmig.secret_options')) f;

-- Lists options, tablespace and comment of the indexes behind keys and exclusion constraints.
SELECT 'pg_constraint'::regclass::oid AS classid, k.oid AS objid, 0 AS subid,
       f.name, f.value, f.make, f.undo, NULL::text AS change, false AS created
  FROM pg_constraint k
  JOIN pg_class i ON i.oid = k.conindid
  LEFT JOIN pg_description b ON b.classoid = 'pg_class'::regclass AND b.objoid = i.oid AND b.objsubid = 0
  JOIN pg_namespace n ON n.oid = i.relnamespace
 CROSS JOIN LATERAL (
       SELECT 'option ' || o.option_name AS name, o.option_value AS value,
              format('ALTER INDEX %I.%I SET (%I=%s)', n.nspname, i.relname, o.option_name,
                     CASE WHEN o.option_value ~ '^(-?[0-9]+(\.[0-9]+)?|true|false|on|off|auto)$' THEN o.option_value
                          ELSE quote_literal(o.option_value) END) AS make,
              format('ALTER INDEX %I.%I RESET (%I)', n.nspname, i.relname, o.option_name) AS undo
         FROM pg_options_to_table(i.reloptions) o
       UNION ALL
       SELECT 'tablespace', t.spcname,
              format('ALTER INDEX %I.%I SET TABLESPACE %I', n.nspname, i.relname, t.spcname),
              format('ALTER INDEX %I.%I SET TABLESPACE %I', n.nspname, i.relname, dt.spcname)
         FROM pg_tablespace t
        CROSS JOIN pg_database d
         JOIN pg_tablespace dt ON dt.oid = d.dattablespace
        WHERE t.oid = i.reltablespace AND d.datname = current_database()
       UNION ALL
       SELECT 'comment on the index', b.description,
              format('COMMENT ON INDEX %I.%I IS %L', n.nspname, i.relname, b.description),
              format('COMMENT ON INDEX %I.%I IS NULL', n.nspname, i.relname)
        WHERE b.description IS NOT NULL
       ) f
 WHERE k.contype IN ('p', 'u', 'x') AND (i.reloptions IS NOT NULL OR i.reltablespace <> 0 OR b.objoid IS NOT NULL)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

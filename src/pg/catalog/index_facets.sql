-- Lists statistics targets of expressions and tablespaces of indexes; options are in the definition of an index.
SELECT 'pg_class'::regclass::oid AS classid, f.oid AS objid, 0 AS subid,
       f.name, f.value,
       format('ALTER INDEX %I.%I %s', n.nspname, f.relname, f.make) AS make,
       format('ALTER INDEX %I.%I %s', n.nspname, f.relname, f.undo) AS undo,
       NULL::text AS change, false AS created
  FROM (
    SELECT c.oid, c.relname, c.relnamespace,
           'statistics ' || a.attnum AS name, a.attstattarget::text AS value,
           format('ALTER COLUMN %s SET STATISTICS %s', a.attnum, a.attstattarget) AS make,
           format('ALTER COLUMN %s SET STATISTICS -1', a.attnum) AS undo
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attstattarget >= 0
     WHERE c.relkind IN ('i', 'I')
    UNION ALL
    SELECT c.oid, c.relname, c.relnamespace,
           'tablespace', t.spcname,
           format('SET TABLESPACE %I', t.spcname),
           format('SET TABLESPACE %I', dt.spcname)
      FROM pg_class c
      JOIN pg_tablespace t ON t.oid = c.reltablespace
     CROSS JOIN pg_database d
      JOIN pg_tablespace dt ON dt.oid = d.dattablespace
     WHERE c.relkind IN ('i', 'I') AND d.datname = current_database()
       AND NOT EXISTS (SELECT FROM pg_depend y
                        WHERE y.classid = 'pg_class'::regclass AND y.objid = c.oid AND y.deptype = 'i'
                          AND y.refclassid = 'pg_constraint'::regclass)
    ) f
  JOIN pg_namespace n ON n.oid = f.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

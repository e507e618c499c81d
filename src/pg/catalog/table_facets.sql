-- Lists what a table is (its shape: that is never altered), and what ALTER TABLE changes about it as a whole.
WITH tab AS (
    SELECT c.oid, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.reloftype, c.relam, c.reltablespace,
           c.reloptions, c.reltoastrelid,
           format('ALTER %s %I.%I ', CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
                  n.nspname, c.relname) AS alter_table
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f')
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
)
SELECT 'pg_class'::regclass::oid AS classid, f.oid AS objid, 0 AS subid,
       f.name, f.value, f.make, f.undo, f.change, f.created
  FROM (
    SELECT t.oid, 'shape' AS name,
           concat(CASE t.relkind WHEN 'p' THEN 'partitioned table by ' || pg_get_partkeydef(t.oid)
                                 WHEN 'f' THEN 'foreign table of ' || quote_ident(s.srvname)
                                 ELSE 'table' END) AS value,
           NULL AS make, NULL AS undo, NULL AS change, true AS created
      FROM tab t
      LEFT JOIN pg_foreign_table ft ON ft.ftrelid = t.oid
      LEFT JOIN pg_foreign_server s ON s.oid = ft.ftserver
    UNION ALL
    SELECT t.oid, 'of type', format_type(t.reloftype, NULL),
           concat(t.alter_table, 'OF ', format_type(t.reloftype, NULL)), t.alter_table || 'NOT OF', NULL, true
      FROM tab t
     WHERE t.reloftype <> 0
    UNION ALL
    SELECT t.oid, 'access method', am.amname,
           CASE WHEN v.can_alter THEN format('%sSET ACCESS METHOD %I', t.alter_table, am.amname) END,
           CASE WHEN v.can_alter THEN concat(t.alter_table, 'SET ACCESS METHOD ',
                                         CASE t.relkind WHEN 'p' THEN 'DEFAULT' ELSE 'heap' END) END,
           NULL, true
      FROM tab t
      JOIN pg_am am ON am.oid = t.relam AND am.amname <> 'heap'
     CROSS JOIN (SELECT current_setting('server_version_num')::int4 >= 150000 AS can_alter) v
    UNION ALL
    SELECT t.oid, 'unlogged', 'true', t.alter_table || 'SET UNLOGGED', t.alter_table || 'SET LOGGED', NULL, true
      FROM tab t
     WHERE t.relkind = 'r' AND t.relpersistence = 'u'
    UNION ALL
    SELECT t.oid, 'tablespace', ts.spcname,
           format('%sSET TABLESPACE %I', t.alter_table, ts.spcname),
           format('%sSET TABLESPACE %I', t.alter_table, ds.spcname),
           NULL, true
      FROM tab t
      JOIN pg_tablespace ts ON ts.oid = t.reltablespace
     CROSS JOIN pg_database d
      JOIN pg_tablespace ds ON ds.oid = d.dattablespace
     WHERE d.datname = current_database()
    UNION ALL
    SELECT t.oid, 'row security', 'true',
           t.alter_table || 'ENABLE ROW LEVEL SECURITY', t.alter_table || 'DISABLE ROW LEVEL SECURITY', NULL, false
      FROM tab t
     WHERE t.relrowsecurity
    UNION ALL
    SELECT t.oid, 'force row security', 'true',
           t.alter_table || 'FORCE ROW LEVEL SECURITY', t.alter_table || 'NO FORCE ROW LEVEL SECURITY', NULL, false
      FROM tab t
     WHERE t.relforcerowsecurity
    UNION ALL
    SELECT o.oid, concat('option ', o.prefix, o.option_name), o.option_value,
           format('%sSET (%s%I=%s)', o.alter_table, o.prefix, o.option_name,
                  CASE WHEN o.option_value ~ '^(-?[0-9]+(\.[0-9]+)?|true|false|on|off|auto)$' THEN o.option_value
                       ELSE quote_literal(o.option_value) END),
           format('%sRESET (%s%I)', o.alter_table, o.prefix, o.option_name),
           NULL, true
      FROM (SELECT t.oid, t.alter_table, '' AS prefix, x.option_name, x.option_value
              FROM tab t
             CROSS JOIN LATERAL pg_options_to_table(t.reloptions) x
             WHERE t.reloptions IS NOT NULL
            UNION ALL
            SELECT t.oid, t.alter_table, 'toast.', x.option_name, x.option_value
              FROM tab t
              JOIN pg_class tc ON tc.oid = t.reltoastrelid AND tc.reloptions IS NOT NULL
             CROSS JOIN LATERAL pg_options_to_table(tc.reloptions) x) o
    UNION ALL
    SELECT t.oid, 'server option ' || x.option_name, x.option_value,
           format('%sOPTIONS (ADD %I %L)', t.alter_table, x.option_name, x.option_value),
           format('%sOPTIONS (DROP %I)', t.alter_table, x.option_name),
           format('%sOPTIONS (SET %I %L)', t.alter_table, x.option_name, x.option_value),
           true
      FROM tab t
      JOIN pg_foreign_table ft ON ft.ftrelid = t.oid
     CROSS JOIN LATERAL pg_options_to_table(ft.ftoptions) x
     WHERE x.option_name !~* current_setting('cmig.secret_options')
    ) f;

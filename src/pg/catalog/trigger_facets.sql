-- Lists the triggers that are disabled (D), or fire on replicas only (R) or too (A).
SELECT 'pg_trigger'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       'enabled' AS name,
       t.tgenabled::text AS value,
       format('%s %s TRIGGER %I', r.alter_table,
              CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) AS make,
       format('%s ENABLE TRIGGER %I', r.alter_table, t.tgname) AS undo,
       NULL::text AS change, false AS created
  FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (
       SELECT format('ALTER %s %I.%I', CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
                     n.nspname, c.relname) AS alter_table) r
 WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled <> 'O'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

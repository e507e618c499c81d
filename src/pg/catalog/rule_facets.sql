-- Lists the rules that are disabled (D), or apply on replicas only (R) or too (A).
SELECT 'pg_rewrite'::regclass::oid AS classid, w.oid AS objid, 0 AS subid,
       'enabled' AS name,
       w.ev_enabled::text AS value,
       format('ALTER TABLE %I.%I %s RULE %I', n.nspname, c.relname,
              CASE w.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                 ELSE 'ENABLE ALWAYS' END, w.rulename) AS make,
       format('ALTER TABLE %I.%I ENABLE RULE %I', n.nspname, c.relname, w.rulename) AS undo,
       NULL::text AS change, false AS created
  FROM pg_rewrite w
  JOIN pg_class c ON c.oid = w.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE w.rulename <> '_RETURN' AND w.ev_enabled <> 'O'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

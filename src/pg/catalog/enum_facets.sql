-- Lists the labels of each enum type, in their order, each as a literal on a line of its own.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       'labels' AS name,
       coalesce(string_agg(CASE WHEN strpos(e.enumlabel, E'\n') = 0 THEN quote_literal(e.enumlabel)
                                ELSE concat('E''', replace(replace(replace(e.enumlabel, E'\\', E'\\\\'), '''', ''''''),
                                                           E'\n', E'\\n'), '''') END,
                           E'\n' ORDER BY e.enumsortorder), '') AS value,
       NULL::text AS make, NULL::text AS undo, NULL::text AS change, true AS created
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_enum e ON e.enumtypid = t.oid
 WHERE t.typtype = 'e'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 GROUP BY t.oid;

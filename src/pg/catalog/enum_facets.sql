-- Lists the labels of each enum type, in their order.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       'labels' AS name,
       coalesce(string_agg(quote_literal(e.enumlabel), E'\n' ORDER BY e.enumsortorder), '') AS value,
       NULL::text AS make, NULL::text AS undo, NULL::text AS change, true AS created
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_enum e ON e.enumtypid = t.oid
 WHERE t.typtype = 'e'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 GROUP BY t.oid;

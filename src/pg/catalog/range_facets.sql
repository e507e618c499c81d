-- Lists what is renamed along with a range type that has to make room for another one: its constructors.
SELECT 'pg_type'::regclass::oid AS classid, r.rngtypid AS objid, 0 AS subid,
       'aside' AS name, '' AS value,
       string_agg(format('ALTER FUNCTION %s RENAME TO %I', p.oid::regprocedure, left(p.proname, 58) || '__old'), E';\n'
                  ORDER BY p.oid::regprocedure::text) AS make,
       NULL::text AS undo, NULL::text AS change, true AS created
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass AND d.refobjid = r.rngtypid
                  AND d.deptype = 'i'
  JOIN pg_proc p ON p.oid = d.objid
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 GROUP BY r.rngtypid;

-- Lists what is renamed along with a range type that has to make room for another one: its constructors, its multirange type
-- and that one's constructors, all by the names that they have when it is renamed already.
SELECT 'pg_type'::regclass::oid AS classid, r.rngtypid AS objid, 0 AS subid,
       'aside' AS name, '' AS value,
       concat(string_agg(format('ALTER FUNCTION %I.%I(%s) RENAME TO %I', pn.nspname, p.proname, a.types, left(p.proname, 58) || '__old'),
                         E';\n' ORDER BY p.pronargs, p.oid),
              format(E';\nALTER TYPE %I.%I RENAME TO %I', mn.nspname, m.typname, left(m.typname, 58) || '__old')) AS make,
       NULL::text AS undo, NULL::text AS change, true AS created
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_type m ON m.oid = r.rngmultitypid
  JOIN pg_namespace mn ON mn.oid = m.typnamespace
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass
                  AND d.refobjid IN (r.rngtypid, r.rngmultitypid) AND d.deptype = 'i'
  JOIN pg_proc p ON p.oid = d.objid
  JOIN pg_namespace pn ON pn.oid = p.pronamespace
 CROSS JOIN LATERAL (
       SELECT string_agg(CASE u.type WHEN r.rngtypid THEN format('%I.%I', n.nspname, left(t.typname, 58) || '__old')
                                     WHEN t.typarray THEN format('%I.%I[]', n.nspname, left(t.typname, 58) || '__old')
                                     ELSE format_type(u.type, NULL) END, ', ' ORDER BY u.place) AS types
         FROM unnest(p.proargtypes) WITH ORDINALITY u (type, place)) a
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 GROUP BY r.rngtypid, mn.nspname, m.typname;

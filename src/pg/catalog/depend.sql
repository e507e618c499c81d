-- Lists what stands on what among the objects of users. The server does not say it of the index that CLUSTER follows, or that
-- is the replica identity, and of the types of index and statistics expressions.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
  FROM pg_depend d
 WHERE d.objid >= 16384
   AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
UNION ALL
SELECT 'pg_class'::regclass, i.indrelid, s.subid, 'pg_class'::regclass, i.indexrelid, 0, 'n'
  FROM pg_index i
 CROSS JOIN LATERAL (VALUES (-2, i.indisreplident), (-3, i.indisclustered)) s (subid, is_so)
 WHERE s.is_so AND i.indrelid >= 16384
UNION ALL
SELECT 'pg_class'::regclass, a.attrelid, 0, 'pg_type'::regclass, a.atttypid, 0, 'n'
  FROM pg_index i
  JOIN pg_attribute a ON a.attrelid = i.indexrelid
 WHERE i.indexprs IS NOT NULL AND i.indexrelid >= 16384 AND a.atttypid >= 16384 AND i.indkey[a.attnum - 1] = 0
UNION ALL
SELECT 'pg_statistic_ext'::regclass, s.oid, 0, 'pg_type'::regclass, f.type[1]::oid, 0, 'n'
  FROM (VALUES (NULL::text)) AS before_14 (stxexprs)
 CROSS JOIN LATERAL (SELECT q.oid, stxexprs::text AS expressions FROM pg_statistic_ext q) s
 CROSS JOIN LATERAL regexp_matches(s.expressions, 'funcresulttype ([1-9][0-9]{4,})', 'g') AS f (type);

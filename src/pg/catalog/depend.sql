-- Lists what stands on what among the objects of users; of the index that CLUSTER follows, or that is the replica identity,
-- the server does not say it.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
  FROM pg_depend d
 WHERE d.objid >= 16384
   AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
UNION ALL
SELECT 'pg_class'::regclass, i.indrelid, s.subid, 'pg_class'::regclass, i.indexrelid, 0, 'n'
  FROM pg_index i
 CROSS JOIN LATERAL (VALUES (-2, i.indisreplident), (-3, i.indisclustered)) s (subid, is_so)
 WHERE s.is_so AND i.indrelid >= 16384;

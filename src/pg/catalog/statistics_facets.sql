-- Lists the targets of extended statistics that are not the default.
SELECT 'pg_statistic_ext'::regclass::oid AS classid, s.oid AS objid, 0 AS subid,
       'statistics target' AS name,
       s.stxstattarget::text AS value,
       format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget) AS make,
       format('ALTER STATISTICS %I.%I SET STATISTICS -1', n.nspname, s.stxname) AS undo,
       NULL::text AS change, false AS created
  FROM pg_statistic_ext s
  JOIN pg_namespace n ON n.oid = s.stxnamespace
 WHERE s.stxstattarget >= 0
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the event triggers that are disabled (D), or fire on replicas only (R) or too (A).
SELECT 'pg_event_trigger'::regclass::oid AS classid, e.oid AS objid, 0 AS subid,
       'enabled' AS name,
       e.evtenabled::text AS value,
       format('ALTER EVENT TRIGGER %I %s', e.evtname,
              CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END) AS make,
       format('ALTER EVENT TRIGGER %I ENABLE', e.evtname) AS undo,
       NULL::text AS change, false AS created
  FROM pg_event_trigger e
 WHERE e.evtenabled <> 'O' AND e.oid >= 16384;

-- Lists what ALTER SEQUENCE changes, where it is not the default. Type, step, limits and start hang together: they are one
-- facet. NO MINVALUE beside AS, and NO MAXVALUE of one that counts down, would be the limits of the type: they are told.
WITH seq AS (
    SELECT c.oid, c.relpersistence, s.*,
           format('%I.%I', n.nspname, c.relname) AS name,
           s.seqincrement < 0 AS down,
           CASE WHEN s.seqmin <> b.min THEN s.seqmin END AS own_min,
           CASE WHEN s.seqmax <> b.max THEN s.seqmax END AS own_max
      FROM pg_sequence s
      JOIN pg_class c ON c.oid = s.seqrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     CROSS JOIN LATERAL (
           SELECT CASE WHEN s.seqincrement > 0 THEN 1 ELSE -l.max - 1 END AS min,
                  CASE WHEN s.seqincrement > 0 THEN l.max ELSE -1 END AS max
             FROM (SELECT CASE s.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
                                          ELSE 9223372036854775807 END AS max) l) b
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
)
SELECT 'pg_class'::regclass::oid AS classid, s.oid AS objid, 0 AS subid,
       f.name, f.value, f.make,
       concat('ALTER SEQUENCE ', s.name, f.undo) AS undo, f.change, true AS created
  FROM seq s
 CROSS JOIN LATERAL (
       SELECT 'options' AS name,
              concat('AS ', format_type(s.seqtypid, NULL), ' INCREMENT BY ', s.seqincrement, ' MINVALUE ', s.seqmin,
                     ' MAXVALUE ', s.seqmax, ' START WITH ', s.seqstart) AS value,
              concat('ALTER SEQUENCE ', s.name,
                     CASE WHEN s.seqtypid <> 'int8'::regtype THEN ' AS ' || format_type(s.seqtypid, NULL) END,
                     CASE WHEN s.seqincrement <> 1 THEN ' INCREMENT BY ' || s.seqincrement END,
                     CASE WHEN s.down OR s.own_min IS NOT NULL THEN ' MINVALUE ' || s.seqmin END,
                     CASE WHEN s.down OR s.own_max IS NOT NULL THEN ' MAXVALUE ' || s.seqmax END,
                     CASE WHEN s.seqstart <> 1 THEN ' START WITH ' || s.seqstart END) AS make,
              concat(CASE WHEN s.seqtypid <> 'int8'::regtype THEN ' AS bigint' END,
                     CASE WHEN s.seqincrement <> 1 THEN ' INCREMENT BY 1' END,
                     CASE WHEN s.down OR s.own_min IS NOT NULL THEN ' MINVALUE 1' END,
                     CASE WHEN s.down OR s.own_max IS NOT NULL THEN ' NO MAXVALUE' END,
                     CASE WHEN s.seqstart <> 1 THEN ' START WITH 1' END) AS undo,
              concat('ALTER SEQUENCE ', s.name, ' AS ', format_type(s.seqtypid, NULL), ' INCREMENT BY ', s.seqincrement,
                     ' MINVALUE ' || s.seqmin,
                     CASE WHEN s.down OR s.own_max IS NOT NULL THEN ' MAXVALUE ' || s.seqmax ELSE ' NO MAXVALUE' END,
                     ' START WITH ', s.seqstart) AS change
        WHERE s.seqtypid <> 'int8'::regtype OR s.seqincrement <> 1 OR s.seqstart <> 1
           OR s.own_min IS NOT NULL OR s.own_max IS NOT NULL
       UNION ALL
       SELECT 'cache', s.seqcache::text, format('ALTER SEQUENCE %s CACHE %s', s.name, s.seqcache), ' CACHE 1', NULL
        WHERE s.seqcache <> 1
       UNION ALL
       SELECT 'cycle', 'true', format('ALTER SEQUENCE %s CYCLE', s.name), ' NO CYCLE', NULL
        WHERE s.seqcycle
       UNION ALL
       SELECT 'unlogged', 'true', format('ALTER SEQUENCE %s SET UNLOGGED', s.name), ' SET LOGGED', NULL
        WHERE s.relpersistence = 'u') f;

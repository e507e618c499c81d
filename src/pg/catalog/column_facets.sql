-- Lists what ALTER TABLE changes about a column, but for its type and default, where it is not what a plain ADD COLUMN gives.
-- "created" is false for the NOT NULL of typed tables: their columns come from the type.
WITH col AS (
    SELECT a.*, t.typstorage, c.relname, c.relnamespace, c.reloftype, c.relchecks, c.rel,
           concat(c.alter_table, c.rel, ' ALTER COLUMN ', quote_ident(a.attname), ' ') AS alter_column,
           concat(c.alter_table, 'ONLY ', c.rel, ' ALTER COLUMN ', quote_ident(a.attname), ' ') AS alter_only
      FROM (VALUES (''::"char")) AS before_14 (attcompression)
     CROSS JOIN LATERAL (
           SELECT q.attrelid, q.attnum, q.attname, q.atttypid, q.attnotnull, q.attgenerated, q.attidentity, q.attstorage,
                  coalesce(q.attstattarget, -1) AS attstattarget, q.attoptions, q.attfdwoptions, q.attinhcount,
                  attcompression
             FROM pg_attribute q
            WHERE q.attnum > 0 AND NOT q.attisdropped) a
      JOIN (SELECT r.oid, r.relname, r.relnamespace, r.reloftype, r.relchecks,
                   format('%I.%I', n.nspname, r.relname) AS rel,
                   CASE r.relkind WHEN 'f' THEN 'ALTER FOREIGN TABLE ' ELSE 'ALTER TABLE ' END AS alter_table
              FROM pg_class r
              JOIN pg_namespace n ON n.oid = r.relnamespace
             WHERE r.relkind IN ('r', 'p', 'f')
               AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            OFFSET 0) c ON c.oid = a.attrelid
      JOIN pg_type t ON t.oid = a.atttypid
     WHERE a.attnotnull OR a.attgenerated <> '' OR a.attidentity <> '' OR a.attstorage <> t.typstorage OR a.attcompression <> ''
        OR a.attstattarget >= 0 OR a.attoptions IS NOT NULL OR a.attfdwoptions IS NOT NULL
),
identity AS (
    SELECT i.refobjid, i.refobjsubid,
           CASE WHEN s.relnamespace <> r.relnamespace
                  OR s.relname <> concat(left(r.relname, greatest(58 - length(r.attname), 29)), '_',
                                         left(r.attname, greatest(58 - length(r.relname), 29)), '_seq')
                THEN format('SEQUENCE NAME %I.%I', n.nspname, s.relname) END AS name,
           concat('INCREMENT BY ', q.seqincrement) AS step,
           CASE WHEN q.seqmin <> l.min THEN 'MINVALUE ' || q.seqmin ELSE 'NO MINVALUE' END AS min,
           CASE WHEN q.seqmax <> l.max THEN 'MAXVALUE ' || q.seqmax ELSE 'NO MAXVALUE' END AS max,
           concat('START WITH ', q.seqstart) AS start,
           concat('CACHE ', q.seqcache) AS cache,
           CASE WHEN q.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END AS cycle,
           concat_ws(' ',
                     CASE WHEN q.seqincrement <> 1 THEN 'INCREMENT BY ' || q.seqincrement END,
                     CASE WHEN q.seqmin <> l.min THEN 'MINVALUE ' || q.seqmin END,
                     CASE WHEN q.seqmax <> l.max THEN 'MAXVALUE ' || q.seqmax END,
                     CASE WHEN q.seqstart <> CASE WHEN q.seqincrement > 0 THEN q.seqmin ELSE q.seqmax END
                          THEN 'START WITH ' || q.seqstart END,
                     CASE WHEN q.seqcache <> 1 THEN 'CACHE ' || q.seqcache END,
                     CASE WHEN q.seqcycle THEN 'CYCLE' END) AS options
      FROM pg_sequence q
      JOIN pg_class s ON s.oid = q.seqrelid
      JOIN pg_namespace n ON n.oid = s.relnamespace
      JOIN pg_depend i ON i.classid = 'pg_class'::regclass AND i.objid = q.seqrelid
       AND i.refclassid = 'pg_class'::regclass AND i.refobjsubid > 0 AND i.deptype = 'i'
      JOIN col r ON r.attrelid = i.refobjid AND r.attnum = i.refobjsubid
     CROSS JOIN LATERAL (
           SELECT CASE WHEN q.seqincrement > 0 THEN 1 ELSE -m.max - 1 END AS min,
                  CASE WHEN q.seqincrement > 0 THEN m.max ELSE -1 END AS max
             FROM (SELECT CASE q.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
                                          ELSE 9223372036854775807 END AS max) m) l
)
SELECT 'pg_class'::regclass::oid AS classid, f.attrelid AS objid, f.attnum::int4 AS subid,
       f.name, f.value, f.make, f.undo, f.change, f.created
  FROM (
    SELECT c.attrelid, c.attnum, 'not null' AS name, 'true' AS value,
           c.alter_column || 'SET NOT NULL' AS make,
           c.alter_column || 'DROP NOT NULL' AS undo,
           NULL AS change, c.reloftype = 0 AS created
      FROM col c
      LEFT JOIN pg_constraint k ON k.contype = 'n' AND k.conrelid = c.attrelid AND k.conkey = ARRAY[c.attnum] AND k.conislocal
            AND NOT EXISTS (SELECT FROM pg_inherits h
                              JOIN pg_constraint u ON u.conrelid = h.inhparent AND u.contype = 'n' AND u.conname = k.conname AND NOT u.connoinherit
                              JOIN pg_attribute t ON t.attrelid = u.conrelid AND t.attnum = u.conkey[1] AND t.attname = c.attname
                             WHERE h.inhrelid = k.conrelid)
            AND (NOT k.convalidated OR k.connoinherit
                 OR k.conname <> concat(left(c.relname, greatest(53 - length(c.attname), 27)), '_',
                                        left(c.attname, greatest(53 - length(c.relname), 26)), '_not_null'))
     WHERE c.attnotnull AND k.oid IS NULL
    UNION ALL
    SELECT c.attrelid, c.attnum, CASE c.attgenerated WHEN 's' THEN 'generated' ELSE 'generated virtual' END,
           concat(c.attgenerated, pg_get_expr(d.adbin, d.adrelid)),
           NULL,
           CASE WHEN c.attinhcount > 0 THEN '' WHEN c.attgenerated = 's' THEN c.alter_column || 'DROP EXPRESSION' END,
           CASE WHEN current_setting('server_version_num')::int4 >= 170000 AND (c.attgenerated = 's' OR c.relchecks = 0)
                THEN format('%sSET EXPRESSION AS (%s)', c.alter_column, pg_get_expr(d.adbin, d.adrelid)) END,
           true
      FROM col c
      JOIN pg_attrdef d ON d.adrelid = c.attrelid AND d.adnum = c.attnum
     WHERE c.attgenerated <> ''
    UNION ALL
    SELECT c.attrelid, c.attnum, f.*, true
      FROM identity i
      JOIN col c ON c.attrelid = i.refobjid AND c.attnum = i.refobjsubid
     CROSS JOIN LATERAL (SELECT CASE c.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END AS always) g
     CROSS JOIN LATERAL (VALUES
           ('identity', g.always,
            concat(c.alter_column, 'ADD GENERATED ', g.always, ' AS IDENTITY',
                   ' (' || nullif(concat_ws(' ', i.name, nullif(i.options, '')), '') || ')'),
            c.alter_column || 'DROP IDENTITY',
            concat(c.alter_column, 'SET GENERATED ', g.always)),
           ('identity options', concat_ws(' ', i.step, i.min, i.max, i.start, i.cache, i.cycle),
            concat(c.alter_column, 'SET ', concat_ws(' SET ', i.step, i.min, i.max, i.start, i.cache, i.cycle)),
            '',
            concat(c.alter_column, 'SET ', concat_ws(' SET ', i.step, i.min, i.max, i.start, i.cache, i.cycle)))) f
    UNION ALL
    SELECT c.attrelid, c.attnum, 'storage', s.now,
           concat(c.alter_only, 'SET STORAGE ', s.now),
           concat(c.alter_only, 'SET STORAGE ', s.plain),
           NULL, false
      FROM col c
     CROSS JOIN LATERAL (
           SELECT CASE c.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                    ELSE 'EXTENDED' END AS now,
                  CASE c.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                    ELSE 'EXTENDED' END AS plain) s
     WHERE c.attstorage <> c.typstorage
    UNION ALL
    SELECT c.attrelid, c.attnum, 'compression', m.method,
           concat(c.alter_only, 'SET COMPRESSION ', m.method),
           c.alter_only || 'SET COMPRESSION default',
           NULL, false
      FROM col c
     CROSS JOIN LATERAL (SELECT CASE c.attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END AS method) m
     WHERE c.attcompression <> ''
    UNION ALL
    SELECT c.attrelid, c.attnum, 'statistics', c.attstattarget::text,
           concat(c.alter_only, 'SET STATISTICS ', c.attstattarget),
           c.alter_only || 'SET STATISTICS -1',
           NULL, false
      FROM col c
     WHERE c.attstattarget >= 0
    UNION ALL
    SELECT c.attrelid, c.attnum, 'option ' || o.option_name, o.option_value,
           format('%sSET (%I=%s)', c.alter_only, o.option_name,
                  CASE WHEN o.option_value ~ '^-?[0-9]+(\.[0-9]+)?$' THEN o.option_value ELSE quote_literal(o.option_value) END),
           format('%sRESET (%I)', c.alter_only, o.option_name),
           NULL, false
      FROM col c
     CROSS JOIN LATERAL pg_options_to_table(c.attoptions) o
     WHERE c.attoptions IS NOT NULL AND o.option_name !~ '^pg_' -- those are the server's own: 15.20 counts in pg_attver
    UNION ALL
    SELECT c.attrelid, c.attnum, 'server option ' || o.option_name, o.option_value,
           format('%sOPTIONS (ADD %I %L)', c.alter_column, o.option_name, o.option_value),
           format('%sOPTIONS (DROP %I)', c.alter_column, o.option_name),
           format('%sOPTIONS (SET %I %L)', c.alter_column, o.option_name, o.option_value),
           true
      FROM col c
     CROSS JOIN LATERAL pg_options_to_table(c.attfdwoptions) o
     WHERE c.attfdwoptions IS NOT NULL
    ) f;

-- Lists the columns of tables, partitioned tables and foreign tables. Defaults are a kind of their own.
-- "not_null" is the name of the NOT NULL constraint, from server 18 on.
-- A partition's column that is an identity through its parent only (from server 17 on) counts as a plain one.
SELECT 'pg_class'::regclass::oid AS classid, a.attrelid AS objid, a.attnum::int4 AS subid,
       'pg_class'::regclass::oid AS pclass, a.attrelid AS pobj, 0 AS psub,
       c.schema,
       concat(c.rel, '.', x.name) AS ident,
       'rel ' || s.name AS space,
       concat('COLUMN ', c.rel, '.', x.name) AS called,
       concat('ALTER ', c.word, ' ', c.rel, ' ADD COLUMN ', i.inl) AS def,
       concat('ALTER ', c.word, ' ', c.rel, ' DROP COLUMN ', x.name) AS drop,
       NULL::text AS sig,
       i.inl,
       concat(x.type, x.collation) AS type,
       concat(CASE WHEN a.attinhcount > 0 THEN 'i' END,
              CASE WHEN a.attislocal THEN 'l' END,
              CASE a.attgenerated WHEN 's' THEN 'g' WHEN 'v' THEN 'gV' END,
              CASE WHEN a.attgenerated <> '' AND a.attinhcount > 0 AND NOT c.relispartition
                    AND current_setting('server_version_num')::int4 < 160000 THEN 'o' END,
              CASE WHEN s.name IS NOT NULL THEN 'd' END) AS flags,
       NULL::text AS owner,
       quote_ident(k.conname) AS not_null
  FROM (SELECT t.oid, n.nspname::text AS schema,
               format('%I.%I', n.nspname, t.relname) AS rel, t.relname, t.relnamespace, t.relispartition,
               CASE t.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS word
          FROM pg_class t
          JOIN pg_namespace n ON n.oid = t.relnamespace
         WHERE t.relkind IN ('r', 'p', 'f')
           AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        OFFSET 0) c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type b ON b.oid = a.atttypid
  LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> b.typcollation
  LEFT JOIN pg_attrdef d ON a.attgenerated <> '' AND d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_constraint k ON k.contype = 'n'
        AND a.attnotnull AND k.conrelid = a.attrelid AND k.conkey = ARRAY[a.attnum]
  LEFT JOIN (SELECT i.refobjid, i.refobjsubid, sc.relname, sc.relnamespace,
                    format('%I.%I', sn.nspname, sc.relname) AS name,
                    concat_ws(' ',
                              CASE WHEN q.seqincrement <> 1 THEN 'INCREMENT BY ' || q.seqincrement END,
                              CASE WHEN q.seqmin <> l.min THEN 'MINVALUE ' || q.seqmin END,
                              CASE WHEN q.seqmax <> l.max THEN 'MAXVALUE ' || q.seqmax END,
                              CASE WHEN q.seqstart <> CASE WHEN q.seqincrement > 0 THEN q.seqmin ELSE q.seqmax END
                                   THEN 'START WITH ' || q.seqstart END,
                              CASE WHEN q.seqcache <> 1 THEN 'CACHE ' || q.seqcache END,
                              CASE WHEN q.seqcycle THEN 'CYCLE' END) AS options
               FROM pg_sequence q
               JOIN pg_class sc ON sc.oid = q.seqrelid
               JOIN pg_namespace sn ON sn.oid = sc.relnamespace
               JOIN pg_depend i ON i.classid = 'pg_class'::regclass AND i.objid = q.seqrelid
                AND i.refclassid = 'pg_class'::regclass AND i.refobjsubid > 0 AND i.deptype = 'i'
              CROSS JOIN LATERAL (
                    SELECT CASE WHEN q.seqincrement > 0 THEN 1 ELSE -m.max - 1 END AS min,
                           CASE WHEN q.seqincrement > 0 THEN m.max ELSE -1 END AS max
                      FROM (SELECT CASE q.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
                                                   ELSE 9223372036854775807 END AS max) m) l
            ) s ON a.attidentity <> '' AND s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
  LEFT JOIN LATERAL (
       SELECT string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name) AS options
         FROM pg_options_to_table(a.attfdwoptions)
       ) o ON a.attfdwoptions IS NOT NULL
 CROSS JOIN LATERAL (
       SELECT CASE WHEN s.relnamespace <> c.relnamespace
                     OR s.relname <> concat(left(c.relname, greatest(58 - length(a.attname), 29)), '_',
                                            left(a.attname, greatest(58 - length(c.relname), 29)), '_seq')
                   THEN s.name END AS name) q
 CROSS JOIN LATERAL (
       SELECT quote_ident(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type,
              ' COLLATE ' || co.oid::regcollation AS collation,
              pg_get_expr(d.adbin, d.adrelid) AS expression
       OFFSET 0) x
 CROSS JOIN LATERAL (
       SELECT concat(x.name, ' ', x.type,
                     ' OPTIONS (' || o.options || ')',
                     x.collation,
                     CASE WHEN x.expression ~ '^\([^()''"]*\)$' THEN ' GENERATED ALWAYS AS ' || x.expression
                          ELSE ' GENERATED ALWAYS AS (' || x.expression || ')' END,
                     CASE a.attgenerated WHEN 's' THEN ' STORED' WHEN 'v' THEN ' VIRTUAL' END,
                     CASE WHEN s.name IS NOT NULL
                          THEN concat(' GENERATED ', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
                                      ' AS IDENTITY',
                                      ' (' || nullif(concat_ws(' ', 'SEQUENCE NAME ' || q.name, nullif(s.options, '')), '')
                                      || ')')
                          WHEN a.attnotnull AND NOT coalesce(
                               k.conislocal
                               AND NOT EXISTS (SELECT FROM pg_inherits h
                                                 JOIN pg_constraint u ON u.conrelid = h.inhparent AND u.contype = 'n' AND u.conname = k.conname AND NOT u.connoinherit
                                                 JOIN pg_attribute t ON t.attrelid = u.conrelid AND t.attnum = u.conkey[1] AND t.attname = a.attname
                                                WHERE h.inhrelid = k.conrelid)
                               AND (NOT k.convalidated OR k.connoinherit
                                    OR k.conname <> concat(left(c.relname, greatest(53 - length(a.attname), 27)), '_',
                                                           left(a.attname, greatest(53 - length(c.relname), 26)), '_not_null')),
                               false) THEN ' NOT NULL' END) AS inl
       OFFSET 0) i;

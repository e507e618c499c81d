-- Lists the parents of tables: partitions (flag p) of a partitioned table, and plain inheritance. "space" is the same for all
-- parents of a table: it cannot become a partition while it has another parent. "offending" finds the rows
-- outside of a partition's bounds; those of a hash partition name the table by its oid, which is another one elsewhere.
-- "key_names" has a line for each foreign key that a partition has from above: its name there, a tab, and its name here, which may
-- differ. A name with a tab or a line break is quoted.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, -100 - i.inhseqno AS subid,
       'pg_class'::regclass::oid AS pclass, c.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       concat(r.rel, ' of ', r.parent) AS ident,
       'parents ' || r.rel AS space,
       NULL::text AS called,
       CASE WHEN c.relispartition
            THEN format('ALTER TABLE ONLY %s ATTACH PARTITION %s %s', r.parent, r.rel, pg_get_expr(c.relpartbound, c.oid))
            ELSE format('ALTER %s %s INHERIT %s', r.word, r.rel, r.parent) END AS def,
       CASE WHEN c.relispartition
            THEN format('ALTER TABLE %s DETACH PARTITION %s', r.parent, r.rel)
            ELSE format('ALTER %s %s NO INHERIT %s', r.word, r.rel, r.parent) END AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       CASE WHEN c.relispartition THEN 'p' ELSE '' END AS flags,
       NULL::text AS owner,
       CASE WHEN c.relispartition AND pg_get_partition_constraintdef(c.oid) NOT LIKE '%satisfies_hash_partition(%'
            THEN format('SELECT * FROM %s WHERE NOT (%s)', r.rel, pg_get_partition_constraintdef(c.oid)) END AS offending,
       (WITH RECURSIVE up AS (
               SELECT k.conname AS own, u.oid, u.conname, u.conparentid
                 FROM pg_constraint k
                 JOIN pg_constraint u ON u.oid = k.conparentid AND u.conrelid <> k.conrelid
                WHERE c.relispartition AND k.conrelid = c.oid AND k.contype = 'f'
               UNION ALL
               SELECT up.own, u.oid, u.conname, u.conparentid
                 FROM up
                 JOIN pg_constraint u ON u.oid = up.conparentid)
        SELECT string_agg(format(E'%I\t%I', conname, own), E'\n')
          FROM up
         WHERE conparentid = 0) AS key_names
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p', 'f')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class p ON p.oid = i.inhparent
  JOIN pg_namespace pn ON pn.oid = p.relnamespace
 CROSS JOIN LATERAL (SELECT format('%I.%I', n.nspname, c.relname) AS rel,
                            format('%I.%I', pn.nspname, p.relname) AS parent,
                            CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS word) r
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- What rows of tables have to satisfy: checks and the bounds of partitions, with the columns that these are about.
-- psql -v tables="{public.a}" -f fill_checks.sql
SELECT t.name, k.constraint_name, k.attnums, k.definition
  FROM pg_catalog.unnest(:'tables'::pg_catalog.text[]) AS t (name)
  JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t.name) AND c.relkind OPERATOR(pg_catalog.=) 'r'
 CROSS JOIN LATERAL (
       SELECT q.conname, pg_catalog.array_to_string(q.conkey, ' '), pg_catalog.pg_get_constraintdef(q.oid)
         FROM pg_catalog.pg_constraint q
        WHERE q.conrelid OPERATOR(pg_catalog.=) c.oid AND q.contype OPERATOR(pg_catalog.=) 'c'
       UNION ALL
       SELECT '', pg_catalog.string_agg(a.attnum::pg_catalog.text, ' ' ORDER BY key.number),
              pg_catalog.pg_get_expr(p.relpartbound, p.oid)
         FROM pg_catalog.pg_partition_ancestors(c.oid) AS above (relid)
         JOIN pg_catalog.pg_class p ON p.oid OPERATOR(pg_catalog.=) above.relid AND p.relispartition
         JOIN pg_catalog.pg_inherits i ON i.inhrelid OPERATOR(pg_catalog.=) p.oid
         JOIN pg_catalog.pg_partitioned_table b ON b.partrelid OPERATOR(pg_catalog.=) i.inhparent
        CROSS JOIN LATERAL pg_catalog.unnest(b.partattrs::pg_catalog.int2[]) WITH ORDINALITY AS key (attnum, number)
         JOIN pg_catalog.pg_attribute o ON o.attrelid OPERATOR(pg_catalog.=) b.partrelid AND o.attnum OPERATOR(pg_catalog.=) key.attnum
         JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attname OPERATOR(pg_catalog.=) o.attname
        GROUP BY p.oid, p.relpartbound) k (constraint_name, attnums, definition);

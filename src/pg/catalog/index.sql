-- Lists the indexes, but for those that belong to a constraint. "offending" finds the rows that a unique one refuses.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS subid,
       'pg_class'::regclass::oid AS pclass, i.indrelid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.relname) AS ident,
       format('rel %I.%I', n.nspname, c.relname) AS space,
       format('INDEX %I.%I', n.nspname, c.relname) AS called,
       pg_get_indexdef(c.oid) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner,
       CASE WHEN i.indisunique
            THEN format('SELECT %s, count(*) FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1', k.columns, i.indrelid::regclass,
                        concat_ws(' AND ', pg_get_expr(i.indpred, i.indrelid),
                                  CASE WHEN coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'true' THEN CASE WHEN i.indpred IS NULL THEN 'true' END
                                       ELSE format('(%s) IS NOT NULL', k.columns) END),
                        k.columns) END AS offending
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN LATERAL (SELECT string_agg(pg_get_indexdef(i.indexrelid, g, false), ', ' ORDER BY g) AS columns
                       FROM generate_series(1, i.indnkeyatts) g) k ON i.indisunique
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND c.oid NOT IN (SELECT k.conindid FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x'));

-- Lists the constraints of tables: keys, exclusions, checks, foreign keys, and what of NOT NULL is more than the column says:
-- another name than the default one, NOT VALID or NO INHERIT (from server 18 on). A NOT NULL that has the name of the one that it
-- inherits is left out: the server gives it that name.
-- "index" makes an index that can become the key. Not that of a primary key where columns are inherited, from server 18 on:
-- it would mark their NOT NULL as the table's own.
-- "offending" finds the rows that violate the constraint.
SELECT 'pg_constraint'::regclass::oid AS classid, k.oid AS objid, 0 AS subid,
       'pg_class'::regclass::oid AS pclass, c.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I.%I', n.nspname, c.relname, k.conname) AS ident,
       CASE WHEN k.contype IN ('p', 'u', 'x') THEN format('rel %I.%I', n.nspname, k.conname) END AS space,
       format('CONSTRAINT %I ON %I.%I', k.conname, n.nspname, c.relname) AS called,
       format('ALTER %s %s%I.%I ADD CONSTRAINT %I %s', r.word, CASE WHEN k.contype IN ('p', 'u', 'x') THEN 'ONLY ' ELSE '' END,
              n.nspname, c.relname, k.conname, r.condition) AS def,
       format('ALTER %s %I.%I DROP CONSTRAINT %I', r.word, n.nspname, c.relname, k.conname) AS drop,
       NULL::text AS sig,
       CASE WHEN k.contype IN ('c', 'n') AND r.valid AND c.reloftype = 0
            THEN format('CONSTRAINT %I %s', k.conname, r.condition) END AS inl,
       NULL::text AS type,
       concat(upper(k.contype::text),
              CASE WHEN r.valid THEN 'v' END,
              CASE WHEN k.contype IN ('c', 'n') AND k.coninhcount > 0 AND NOT k.conislocal THEN 'i' END,
              CASE WHEN k.conislocal THEN 'l' END) AS flags,
       NULL::text AS owner,
       CASE WHEN k.contype IN ('p', 'u') AND c.relkind = 'r' AND r.condition NOT LIKE '% WITHOUT OVERLAPS)%'
             AND NOT (k.contype = 'p' AND r.marks_not_null)
            THEN pg_get_indexdef(k.conindid) END AS index,
       CASE WHEN k.contype = 'c' THEN format('SELECT * FROM %s WHERE NOT (%s)', o.rel, pg_get_expr(k.conbin, k.conrelid))
            WHEN k.contype = 'n' THEN format('SELECT * FROM %s WHERE %s IS NULL', o.rel, o.columns)
            WHEN k.contype IN ('p', 'u') AND r.condition NOT LIKE '% WITHOUT OVERLAPS)%'
            THEN format('SELECT %s, count(*) FROM %s%s GROUP BY %s HAVING count(*) > 1', o.columns, o.rel,
                        CASE WHEN k.contype = 'u' AND r.condition NOT LIKE '% NULLS NOT DISTINCT %' THEN format(' WHERE (%s) IS NOT NULL', o.columns) END,
                        o.columns)
            WHEN k.contype = 'f'
            THEN format('SELECT * FROM %s c WHERE (%s) IS NOT NULL AND NOT EXISTS (SELECT FROM %s p WHERE (%s) = (%s))',
                        o.rel, o.of_c, k.confrelid::regclass, o.of_p, o.of_c)
            WHEN k.contype = 'x' AND o.conflicts IS NOT NULL
            THEN format('SELECT * FROM %s a JOIN %s b ON a.ctid < b.ctid AND %s', o.excluded, o.excluded, o.conflicts) END AS offending
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid AND c.relkind IN ('r', 'p', 'f')
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON k.contype = 'n' AND a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
 CROSS JOIN LATERAL (
       SELECT d.condition, right(d.condition, 10) <> ' NOT VALID' AS valid,
              CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS word,
              current_setting('server_version_num')::int4 >= 180000
              AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) AS marks_not_null
         FROM (SELECT pg_get_constraintdef(k.oid) AS condition OFFSET 0) d) r
 CROSS JOIN LATERAL (
       SELECT format('%I.%I', n.nspname, c.relname) AS rel,
              (SELECT CASE WHEN i.indpred IS NULL THEN format('%I.%I', n.nspname, c.relname)
                           ELSE format('(SELECT ctid, * FROM %I.%I WHERE %s)', n.nspname, c.relname, pg_get_expr(i.indpred, i.indrelid)) END
                 FROM pg_index i
                WHERE k.contype = 'x' AND i.indexrelid = k.conindid) AS excluded,
              string_agg(quote_ident(ka.attname), ', ' ORDER BY u.i) AS columns,
              string_agg('c.' || quote_ident(ka.attname), ', ' ORDER BY u.i) AS of_c,
              string_agg('p.' || quote_ident(fa.attname), ', ' ORDER BY u.i) AS of_p,
              CASE WHEN bool_and(ka.attname IS NOT NULL)
                   THEN string_agg('a.' || quote_ident(ka.attname) || ' OPERATOR(' || quote_ident(opn.nspname) || '.' || op.oprname || ') b.'
                                   || quote_ident(ka.attname), ' AND ' ORDER BY u.i)
                   END AS conflicts
         FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, i)
         LEFT JOIN pg_attribute ka ON ka.attrelid = k.conrelid AND ka.attnum = u.attnum
         LEFT JOIN pg_attribute fa ON fa.attrelid = k.confrelid AND fa.attnum = k.confkey[u.i]
         LEFT JOIN pg_operator op ON op.oid = k.conexclop[u.i]
         LEFT JOIN pg_namespace opn ON opn.oid = op.oprnamespace) o
 WHERE (k.contype IN ('p', 'u', 'x', 'c')
        OR k.contype = 'f' AND k.conparentid = 0
        OR k.contype = 'n' AND k.conislocal
           AND NOT EXISTS (SELECT FROM pg_inherits h
                             JOIN pg_constraint u ON u.conrelid = h.inhparent AND u.contype = 'n' AND u.conname = k.conname AND NOT u.connoinherit
                             JOIN pg_attribute t ON t.attrelid = u.conrelid AND t.attnum = u.conkey[1] AND t.attname = a.attname
                            WHERE h.inhrelid = k.conrelid)
           AND (NOT k.convalidated OR k.connoinherit
                OR k.conname <> concat(left(c.relname, greatest(53 - length(a.attname), 27)), '_',
                                       left(a.attname, greatest(53 - length(c.relname), 26)), '_not_null')))
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the replica identities that are not the default (the primary key).
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, -2 AS subid,
       'pg_class'::regclass::oid AS pclass, c.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.relname) AS ident,
       NULL::text AS space,
       NULL::text AS called,
       format('ALTER TABLE %I.%I REPLICA IDENTITY %s', n.nspname, c.relname,
              CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
                                  ELSE 'USING INDEX ' || quote_ident(ic.relname) END) AS def,
       format('ALTER TABLE %I.%I REPLICA IDENTITY DEFAULT', n.nspname, c.relname) AS drop,
       '' AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid)
         ON c.relreplident = 'i' AND i.indrelid = c.oid AND i.indisreplident
 WHERE c.relkind IN ('r', 'p') AND c.relreplident <> 'd' AND (c.relreplident <> 'i' OR ic.oid IS NOT NULL)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

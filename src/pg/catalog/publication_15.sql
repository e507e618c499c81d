-- Lists the publications, with all that they publish.
SELECT 'pg_publication'::regclass::oid AS classid, p.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       quote_ident(p.pubname) AS ident,
       NULL::text AS space,
       'PUBLICATION ' || quote_ident(p.pubname) AS called,
       concat('CREATE PUBLICATION ', quote_ident(p.pubname),
              CASE WHEN p.puballtables THEN ' FOR ALL TABLES'
                   ELSE ' FOR ' || nullif(concat_ws(', ', 'TABLE ' || t.tables, 'TABLES IN SCHEMA ' || s.schemas), '') END,
              ' WITH (' || nullif(concat_ws(', ',
                  CASE WHEN NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate)
                       THEN format('publish = %L', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END,
                                                             CASE WHEN p.pubupdate THEN 'update' END,
                                                             CASE WHEN p.pubdelete THEN 'delete' END,
                                                             CASE WHEN p.pubtruncate THEN 'truncate' END)) END,
                  CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END,
                  CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN 'publish_generated_columns = stored' END), '') || ')') AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(p.pubowner)::text AS owner
  FROM pg_publication p
  LEFT JOIN (
       SELECT r.prpubid,
              string_agg(concat(CASE WHEN c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid)
                                     THEN 'ONLY ' END,
                                format('%I.%I', n.nspname, c.relname),
                                ' (' || l.columns || ')',
                                ' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')'),
                         ', ' ORDER BY n.nspname, c.relname) AS tables
         FROM pg_publication_rel r
         JOIN pg_class c ON c.oid = r.prrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN LATERAL (
              SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
                FROM pg_attribute a
               WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)
              ) l ON r.prattrs IS NOT NULL
        GROUP BY r.prpubid
       ) t ON t.prpubid = p.oid
  LEFT JOIN (
       SELECT pn.pnpubid, string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname) AS schemas
         FROM pg_publication_namespace pn
         JOIN pg_namespace n ON n.oid = pn.pnnspid
        GROUP BY pn.pnpubid
       ) s ON s.pnpubid = p.oid
 WHERE p.oid >= 16384;

-- Lists tables, partitioned tables and foreign tables; " (%s)" is the place of columns and checks.
-- A partition is written as a plain table: the kind inherit attaches it.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       r.rel AS ident,
       'rel ' || r.rel AS space,
       concat(r.word, ' ', r.rel) AS called,
       concat('CREATE ',
              CASE WHEN c.relkind = 'r' AND c.relpersistence = 'u' THEN 'UNLOGGED ' END,
              r.word, ' ', r.rel,
              CASE WHEN c.reloftype = 0 THEN ' (%s)' ELSE ' OF ' || format_type(c.reloftype, NULL) END,
              ' INHERITS (' || h.parents || ')',
              CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) END,
              ' USING ' || quote_ident(am.amname),
              ' WITH (' || o.options || ')',
              ' TABLESPACE ' || quote_ident(ts.spcname),
              ' SERVER ' || quote_ident(fs.srvname),
              ' OPTIONS (' || fo.options || ')') AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       concat(CASE WHEN c.relispartition THEN 'p' END, CASE WHEN c.relkind = 'f' THEN 'f' END,
              CASE WHEN EXISTS (SELECT FROM pg_options_to_table(ft.ftoptions) WHERE option_name ~* current_setting('cmig.secret_options')) THEN 's' END) AS flags,
       pg_get_userbyid(c.relowner)::text AS owner
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (SELECT i.inhrelid, string_agg(format('%I.%I', pn.nspname, p.relname), ', ' ORDER BY i.inhseqno) AS parents
               FROM pg_inherits i
               JOIN pg_class p ON p.oid = i.inhparent AND p.relkind IN ('r', 'f')
               JOIN pg_namespace pn ON pn.oid = p.relnamespace
              GROUP BY i.inhrelid) h ON h.inhrelid = c.oid
  LEFT JOIN pg_am am ON am.oid = c.relam AND am.amname <> 'heap'
  LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
  LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid
  LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
  LEFT JOIN pg_foreign_server fs ON fs.oid = ft.ftserver
 CROSS JOIN LATERAL (SELECT format('%I.%I', n.nspname, c.relname) AS rel,
                            CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS word) r
  LEFT JOIN LATERAL (
       SELECT string_agg(format('%s%I=%s', x.prefix, x.option_name,
                                CASE WHEN x.option_value ~ '^(-?[0-9]+(\.[0-9]+)?|true|false|on|off|auto)$' THEN x.option_value
                                     ELSE quote_literal(x.option_value) END),
                         ', ' ORDER BY x.prefix, x.option_name) AS options
         FROM (SELECT '' AS prefix, option_name, option_value FROM pg_options_to_table(c.reloptions)
               UNION ALL
               SELECT 'toast.', option_name, option_value FROM pg_options_to_table(tc.reloptions)) x
       ) o ON c.reloptions IS NOT NULL OR tc.reloptions IS NOT NULL
  LEFT JOIN LATERAL (
       SELECT string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name) AS options
         FROM pg_options_to_table(ft.ftoptions)
        WHERE option_name !~* current_setting('cmig.secret_options')
       ) fo ON ft.ftoptions IS NOT NULL
 WHERE c.relkind IN ('r', 'p', 'f')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the materialized views.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.relname) AS ident,
       format('rel %I.%I', n.nspname, c.relname) AS space,
       format('MATERIALIZED VIEW %I.%I', n.nspname, c.relname) AS called,
       concat(format('CREATE MATERIALIZED VIEW %I.%I', n.nspname, c.relname),
              ' USING ' || quote_ident(am.amname),
              ' WITH (' || o.options || ')',
              ' TABLESPACE ' || quote_ident(ts.spcname),
              E' AS\n', rtrim(pg_get_viewdef(c.oid), ';'),
              CASE WHEN NOT c.relispopulated THEN E'\n  WITH NO DATA' END) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(c.relowner)::text AS owner
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_am am ON am.oid = c.relam AND am.amname <> 'heap'
  LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
  LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid
  LEFT JOIN LATERAL (
       SELECT string_agg(format('%s%I=%s', x.prefix, x.option_name,
                                CASE WHEN x.option_value ~ '^(-?[0-9]+(\.[0-9]+)?|true|false|on|off|auto)$' THEN x.option_value
                                     ELSE quote_literal(x.option_value) END),
                         ', ' ORDER BY x.prefix, x.option_name) AS options
         FROM (SELECT '' AS prefix, option_name, option_value FROM pg_options_to_table(c.reloptions)
               UNION ALL
               SELECT 'toast.', option_name, option_value FROM pg_options_to_table(tc.reloptions)) x
       ) o ON c.reloptions IS NOT NULL OR tc.reloptions IS NOT NULL
 WHERE c.relkind = 'm'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

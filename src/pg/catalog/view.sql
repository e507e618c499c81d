-- Lists the views with their options.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.relname) AS ident,
       format('rel %I.%I', n.nspname, c.relname) AS space,
       format('VIEW %I.%I', n.nspname, c.relname) AS called,
       concat(format('CREATE OR REPLACE VIEW %I.%I', n.nspname, c.relname), ' WITH (' || o.options || ')',
              E' AS\n', rtrim(pg_get_viewdef(c.oid), ';')) AS def,
       NULL::text AS drop,
       coalesce(l.columns, '') AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(c.relowner)::text AS owner,
       format(E'CREATE OR REPLACE VIEW %I.%I AS\n SELECT %s', n.nspname, c.relname, l.placeholders) AS placeholder
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (SELECT a.attrelid,
                    string_agg(format('%I %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation),
                               E'\n' ORDER BY a.attnum) AS columns,
                    string_agg(format('NULL::%s%s AS %I', format_type(a.atttypid, a.atttypmod), ' COLLATE ' || co.oid::regcollation, a.attname),
                               E',\n    ' ORDER BY a.attnum) AS placeholders
               FROM pg_class v
               JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum > 0 AND NOT a.attisdropped
               JOIN pg_type b ON b.oid = a.atttypid
               LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> b.typcollation
              WHERE v.relkind = 'v' AND v.oid >= 16384
              GROUP BY a.attrelid) l ON l.attrelid = c.oid
  LEFT JOIN LATERAL (
       SELECT string_agg(format('%I=%s', option_name,
                                CASE WHEN option_value ~ '^(true|false|on|off|local|cascaded)$' THEN option_value
                                     ELSE quote_literal(option_value) END), ', ' ORDER BY option_name) AS options
         FROM pg_options_to_table(c.reloptions)
       ) o ON c.reloptions IS NOT NULL
 WHERE c.relkind = 'v'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the text search templates.
SELECT 'pg_ts_template'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, t.tmplname) AS ident,
       NULL::text AS space,
       format('TEXT SEARCH TEMPLATE %I.%I', n.nspname, t.tmplname) AS called,
       format('CREATE TEXT SEARCH TEMPLATE %I.%I (%s)', n.nspname, t.tmplname, concat_ws(', ',
              CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit END, 'LEXIZE = ' || t.tmpllexize)) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_ts_template t
  JOIN pg_namespace n ON n.oid = t.tmplnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the text search configurations; their mappings are facets.
SELECT 'pg_ts_config'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, t.cfgname) AS ident,
       NULL::text AS space,
       format('TEXT SEARCH CONFIGURATION %I.%I', n.nspname, t.cfgname) AS called,
       format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, t.cfgname, xn.nspname, x.prsname) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(t.cfgowner)::text AS owner
  FROM pg_ts_config t
  JOIN pg_namespace n ON n.oid = t.cfgnamespace
  JOIN pg_ts_parser x ON x.oid = t.cfgparser
  JOIN pg_namespace xn ON xn.oid = x.prsnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

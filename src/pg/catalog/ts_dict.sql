-- Lists the text search dictionaries.
SELECT 'pg_ts_dict'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, t.dictname) AS ident,
       NULL::text AS space,
       format('TEXT SEARCH DICTIONARY %I.%I', n.nspname, t.dictname) AS called,
       format('CREATE TEXT SEARCH DICTIONARY %I.%I (%s)', n.nspname, t.dictname, concat_ws(', ',
              format('TEMPLATE = %I.%I', xn.nspname, x.tmplname), t.dictinitoption)) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(t.dictowner)::text AS owner
  FROM pg_ts_dict t
  JOIN pg_namespace n ON n.oid = t.dictnamespace
  JOIN pg_ts_template x ON x.oid = t.dicttemplate
  JOIN pg_namespace xn ON xn.oid = x.tmplnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

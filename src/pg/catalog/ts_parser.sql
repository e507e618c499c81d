-- Lists the text search parsers.
SELECT 'pg_ts_parser'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, t.prsname) AS ident,
       NULL::text AS space,
       format('TEXT SEARCH PARSER %I.%I', n.nspname, t.prsname) AS called,
       format('CREATE TEXT SEARCH PARSER %I.%I (%s)', n.nspname, t.prsname, concat_ws(', ',
              'START = ' || t.prsstart, 'GETTOKEN = ' || t.prstoken, 'END = ' || t.prsend, 'LEXTYPES = ' || t.prslextype,
              CASE WHEN t.prsheadline <> 0 THEN 'HEADLINE = ' || t.prsheadline END)) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_ts_parser t
  JOIN pg_namespace n ON n.oid = t.prsnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

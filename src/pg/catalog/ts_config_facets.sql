-- Lists the mappings of text search configurations, one for each type of token.
SELECT 'pg_ts_config'::regclass::oid AS classid, m.oid AS objid, 0 AS subid,
       'mapping for ' || quote_ident(m.token) AS name,
       m.dictionaries AS value,
       format('%s ADD MAPPING FOR %I WITH %s', m.alter, m.token, m.dictionaries) AS make,
       format('%s DROP MAPPING FOR %I', m.alter, m.token) AS undo,
       format('%s ALTER MAPPING FOR %I WITH %s', m.alter, m.token, m.dictionaries) AS change,
       false AS created
  FROM (SELECT t.oid, k.alias AS token, format('ALTER TEXT SEARCH CONFIGURATION %I.%I', n.nspname, t.cfgname) AS alter,
               string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
          FROM pg_ts_config t
          JOIN pg_namespace n ON n.oid = t.cfgnamespace
          JOIN pg_ts_config_map m ON m.mapcfg = t.oid
         CROSS JOIN LATERAL ts_token_type(t.cfgparser) k
         WHERE k.tokid = m.maptokentype
           AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
         GROUP BY t.oid, k.alias, n.nspname, t.cfgname) m;

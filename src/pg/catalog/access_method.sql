-- Lists the access methods that somebody made.
SELECT 'pg_am'::regclass::oid AS classid, m.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       quote_ident(m.amname) AS ident,
       NULL::text AS space,
       'ACCESS METHOD ' || quote_ident(m.amname) AS called,
       format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', m.amname,
              CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, m.amhandler) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_am m
 WHERE m.oid >= 16384;

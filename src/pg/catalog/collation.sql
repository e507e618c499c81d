-- Lists the collations. The name of the locale is in another column of the catalog in nearly every server version.
SELECT 'pg_collation'::regclass::oid AS classid, c.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.collname) AS ident,
       NULL::text AS space,
       format('COLLATION %I.%I', n.nspname, c.collname) AS called,
       format('CREATE COLLATION %I.%I (%s)', n.nspname, c.collname, concat_ws(', ',
              'PROVIDER = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
              coalesce('LOCALE = ' || quote_literal(l.locale),
                       format('LC_COLLATE = %L, LC_CTYPE = %L', c.collcollate, c.collctype)),
              CASE WHEN NOT c.collisdeterministic THEN 'DETERMINISTIC = false' END,
              'RULES = ' || quote_literal(j.doc ->> 'collicurules'))) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(c.collowner)::text AS owner
  FROM pg_collation c
  JOIN pg_namespace n ON n.oid = c.collnamespace
 CROSS JOIN LATERAL (SELECT to_jsonb(c) AS doc) j
 CROSS JOIN LATERAL (
       SELECT CASE WHEN c.collprovider IN ('i', 'b')
                   THEN coalesce(j.doc ->> 'colllocale', j.doc ->> 'colliculocale', c.collcollate)
                   WHEN c.collcollate = c.collctype THEN c.collcollate END::text AS locale) l
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

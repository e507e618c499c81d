-- Lists the conversions between encodings.
SELECT 'pg_conversion'::regclass::oid AS classid, c.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.conname) AS ident,
       NULL::text AS space,
       format('CONVERSION %I.%I', n.nspname, c.conname) AS called,
       format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' END, n.nspname, c.conname,
              pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(c.conowner)::text AS owner
  FROM pg_conversion c
  JOIN pg_namespace n ON n.oid = c.connamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

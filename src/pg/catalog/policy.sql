-- Lists the policies of row security.
SELECT 'pg_policy'::regclass::oid AS classid, p.oid AS objid, 0 AS subid,
       'pg_class'::regclass::oid AS pclass, c.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I.%I', n.nspname, c.relname, p.polname) AS ident,
       NULL::text AS space,
       format('POLICY %I ON %I.%I', p.polname, n.nspname, c.relname) AS called,
       concat(format('CREATE POLICY %I ON %I.%I', p.polname, n.nspname, c.relname),
              CASE WHEN NOT p.polpermissive THEN ' AS RESTRICTIVE' END,
              CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE'
                            WHEN 'd' THEN ' FOR DELETE' END,
              ' TO ' || r.roles,
              ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
              ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_policy p
  JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN LATERAL (
       SELECT string_agg(quote_ident(pg_get_userbyid(u.role)), ', ' ORDER BY pg_get_userbyid(u.role)) AS roles
         FROM unnest(p.polroles) u (role)
       ) r ON p.polroles <> '{0}'
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

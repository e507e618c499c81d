-- Lists the default privileges of each role, for each schema or for all, type of object and grantee, that differ from
-- what the server gives by itself. Those for all schemas stand in for the server's own, those for one schema come on top.
SELECT 'pg_default_acl'::regclass::oid AS classid, g.oid AS objid,
       row_number() OVER (PARTITION BY g.oid ORDER BY g.grantee)::int4 AS subid,
       CASE WHEN n.oid IS NOT NULL THEN 'pg_namespace'::regclass::oid END AS pclass, n.oid AS pobj,
       CASE WHEN n.oid IS NOT NULL THEN 0 END AS psub,
       n.nspname::text AS schema,
       concat(quote_ident(w.role), ' in ', coalesce(quote_ident(n.nspname), '*'), ' on ', w.objects, ' to ', w.grantee) AS ident,
       NULL::text AS space,
       NULL::text AS called,
       concat_ws(E';\n',
                 CASE WHEN g.base IS NOT NULL THEN w.alter || ' REVOKE ALL' || w.from END,
                 w.alter || ' GRANT ' || g.plain || w.to,
                 w.alter || ' GRANT ' || g.grantable || w.to || ' WITH GRANT OPTION') AS def,
       concat_ws(E';\n',
                 CASE WHEN g.plain IS NOT NULL OR g.grantable IS NOT NULL THEN w.alter || ' REVOKE ALL' || w.from END,
                 w.alter || ' GRANT ' || g.base || w.to) AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       CASE WHEN w.role = current_user THEN 'u' ELSE '' END AS flags,
       NULL::text AS owner
  FROM (SELECT a.oid, a.defaclrole, a.defaclnamespace, a.defaclobjtype, a.grantee,
               string_agg(a.privilege, ', ' ORDER BY a.place) FILTER (WHERE a.given AND NOT a.grantable) AS plain,
               string_agg(a.privilege, ', ' ORDER BY a.place) FILTER (WHERE a.given AND a.grantable) AS grantable,
               string_agg(a.privilege, ', ' ORDER BY a.place) FILTER (WHERE a.base) AS base
          FROM (SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, x.grantee, x.privilege_type AS privilege,
                       array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
                                            'TRIGGER', 'MAINTAIN', 'USAGE', 'CREATE', 'EXECUTE'], x.privilege_type) AS place,
                       bool_or(x.given) AS given, bool_or(x.given AND x.is_grantable) AS grantable, bool_or(NOT x.given) AS base
                  FROM pg_default_acl d
                 CROSS JOIN LATERAL (
                       SELECT true AS given, e.grantee, e.privilege_type, e.is_grantable
                         FROM aclexplode(d.defaclacl) e
                       UNION ALL
                       SELECT false, e.grantee, e.privilege_type, false
                         FROM aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END,
                                                   d.defaclrole)) e
                        WHERE d.defaclnamespace = 0) x
                 GROUP BY d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, x.grantee, x.privilege_type) a
         GROUP BY a.oid, a.defaclrole, a.defaclnamespace, a.defaclobjtype, a.grantee) g
  LEFT JOIN pg_namespace n ON n.oid = g.defaclnamespace
 CROSS JOIN LATERAL (
       SELECT pg_get_userbyid(g.defaclrole) AS role,
              CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS grantee,
              CASE g.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                                   WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS objects) v
 CROSS JOIN LATERAL (
       SELECT v.*,
              concat('ALTER DEFAULT PRIVILEGES FOR ROLE ', quote_ident(v.role), ' IN SCHEMA ' || quote_ident(n.nspname)) AS alter,
              concat(' ON ', v.objects, ' TO ', v.grantee) AS to,
              concat(' ON ', v.objects, ' FROM ', v.grantee) AS from) w
 WHERE g.grantable IS NOT NULL OR g.plain IS DISTINCT FROM g.base;

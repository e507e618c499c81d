-- Lists who has other privileges on an object, or on a column of it, than the server gives by itself.
-- REVOKE ALL on a relation takes the grants on its columns, too: those of views are said again here, those of tables are
-- when it is known which columns there are.
WITH obj AS (
    SELECT 'pg_namespace'::regclass::oid AS classid, n.oid AS objid, 0 AS subid,
           'n'::"char" AS type, n.nspowner AS owner, n.nspacl AS acl,
           'SCHEMA ' || quote_ident(n.nspname) AS target, NULL::text AS col
      FROM pg_namespace n
     WHERE n.nspacl IS NOT NULL
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, 0, 'T', t.typowner, t.typacl,
           format('%s %I.%I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, n.nspname, t.typname), NULL
      FROM pg_type t
      JOIN pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_class c ON c.oid = t.typrelid
     WHERE t.typacl IS NOT NULL AND t.typtype <> 'm' AND (c.oid IS NULL OR c.relkind = 'c')
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, 0, 'f', p.proowner, p.proacl,
           format('%s %I.%I(%s)', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, n.nspname, p.proname,
                  oidvectortypes(p.proargtypes)), NULL
      FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.proacl IS NOT NULL
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'pg_class'::regclass, c.oid, 0, CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner, c.relacl,
           format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname), NULL
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relacl IS NOT NULL
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'pg_class'::regclass, c.oid, a.attnum, 'c', c.relowner, a.attacl,
           format('TABLE %I.%I', n.nspname, c.relname), quote_ident(a.attname)
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'pg_language'::regclass, l.oid, 0, 'l', l.lanowner, l.lanacl, 'LANGUAGE ' || quote_ident(l.lanname), NULL
      FROM pg_language l
     WHERE l.lanacl IS NOT NULL AND l.oid >= 16384
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, w.oid, 0, 'F', w.fdwowner, w.fdwacl,
           'FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname), NULL
      FROM pg_foreign_data_wrapper w
     WHERE w.fdwacl IS NOT NULL AND w.oid >= 16384
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, s.oid, 0, 'S', s.srvowner, s.srvacl, 'FOREIGN SERVER ' || quote_ident(s.srvname), NULL
      FROM pg_foreign_server s
     WHERE s.srvacl IS NOT NULL AND s.oid >= 16384
),
privilege AS (
    SELECT o.classid, o.objid, o.subid, o.target, o.col, x.grantee,
           concat(x.privilege_type, ' (' || o.col || ')') AS privilege,
           array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN',
                                'USAGE', 'CREATE', 'EXECUTE'], x.privilege_type) AS place,
           bool_or(x.given) AS given, bool_or(x.given AND x.is_grantable) AS grantable, bool_or(NOT x.given) AS base
      FROM obj o
     CROSS JOIN LATERAL (
           SELECT true AS given, e.grantee, e.privilege_type, e.is_grantable
             FROM aclexplode(o.acl) e
           UNION ALL
           SELECT false, e.grantee, e.privilege_type, false
             FROM aclexplode(acldefault(o.type, o.owner)) e) x
     GROUP BY o.classid, o.objid, o.subid, o.target, o.col, x.grantee, x.privilege_type
),
granted AS (
    SELECT s.*,
           concat_ws(E';\n', 'GRANT ' || s.plain || s.to, 'GRANT ' || s.grantable || s.to || ' WITH GRANT OPTION') AS grants,
           'GRANT ' || s.base || s.to AS base_grant,
           concat('REVOKE ALL', ' (' || s.col || ')', ' ON ', s.target, ' FROM ', s.role) AS revoke
      FROM (SELECT p.classid, p.objid, p.subid, p.target, p.col, p.grantee, r.role,
                   concat(' ON ', p.target, ' TO ', r.role) AS to,
                   coalesce(string_agg(concat(split_part(p.privilege, ' (', 1), CASE WHEN p.grantable THEN '*' END),
                                       ', ' ORDER BY p.place) FILTER (WHERE p.given), 'none') AS value,
                   string_agg(p.privilege, ', ' ORDER BY p.place) FILTER (WHERE p.given AND NOT p.grantable) AS plain,
                   string_agg(p.privilege, ', ' ORDER BY p.place) FILTER (WHERE p.given AND p.grantable) AS grantable,
                   string_agg(p.privilege, ', ' ORDER BY p.place) FILTER (WHERE p.base) AS base
              FROM privilege p
             CROSS JOIN LATERAL (
                   SELECT CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(p.grantee)) END AS role) r
             GROUP BY p.classid, p.objid, p.subid, p.target, p.col, p.grantee, r.role) s
)
SELECT g.classid, g.objid, g.subid::int4 AS subid,
       concat('grants ', 'on ' || g.col || ' ', 'to ', g.role) AS name,
       g.value,
       concat_ws(E';\n', CASE WHEN g.base IS NOT NULL THEN g.revoke END, nullif(g.grants, '')) AS make,
       concat_ws(E';\n', CASE WHEN g.value <> 'none' THEN g.revoke END, g.base_grant, c.grants) AS undo,
       concat_ws(E';\n', g.revoke, nullif(g.grants, ''), c.grants) AS change,
       false AS created
  FROM granted g
  LEFT JOIN (SELECT k.objid, k.grantee, string_agg(k.grants, E';\n' ORDER BY k.subid) AS grants
               FROM granted k
               JOIN pg_class v ON v.oid = k.objid AND v.relkind IN ('v', 'm')
              WHERE k.col IS NOT NULL AND k.grants <> ''
              GROUP BY k.objid, k.grantee) c
         ON g.col IS NULL AND g.classid = 'pg_class'::regclass AND c.objid = g.objid AND c.grantee = g.grantee
 WHERE g.grantable IS NOT NULL OR g.plain IS DISTINCT FROM g.base;

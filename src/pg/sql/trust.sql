-- Fails if one of cmig's own tables is there, and was made by somebody who is not trusted: its triggers, rules and the like would
-- run with the privileges of this user. Trusted are this user and the roles it is a member of, superusers, and the owners of the
-- database and of the schema. The schema is empty where the tables are found by the search_path.
-- psql -v schema= -v version_table=cmig_version -v log_table=cmig_log -v steps_table=cmig_version_steps -f trust.sql
SET LOCAL cmig.trust_schema = :'schema';
SET LOCAL cmig.trust_version = :'version_table';
SET LOCAL cmig.trust_log = :'log_table';
SET LOCAL cmig.trust_steps = :'steps_table';
DO $cmig$
DECLARE
    place   pg_catalog.text := pg_catalog.current_setting('cmig.trust_schema');
    problem pg_catalog.text;
    remedy  pg_catalog.text;
BEGIN
    WITH RECURSIVE own (role) AS (
        SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) ANY (ARRAY[current_user, session_user])
        UNION
        SELECT m.roleid FROM own JOIN pg_catalog.pg_auth_members m ON m.member OPERATOR(pg_catalog.=) own.role
    ), trusted (role) AS (
        SELECT role FROM own
        UNION ALL
        SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolsuper
        UNION ALL
        SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
    )
    SELECT f.* INTO problem, remedy
      FROM pg_catalog.unnest(ARRAY[pg_catalog.current_setting('cmig.trust_version'), pg_catalog.current_setting('cmig.trust_log'),
                                   pg_catalog.current_setting('cmig.trust_steps')]) AS x (name)
      JOIN pg_catalog.pg_class c
        ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(CASE WHEN x.name OPERATOR(pg_catalog.<>) ''
               THEN pg_catalog.concat(CASE WHEN place OPERATOR(pg_catalog.<>) '' THEN pg_catalog.format('%I.', place) END,
                                      pg_catalog.quote_ident(x.name)) END)
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
     CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.pg_get_userbyid(c.relowner)) AS v (called, owner)
     CROSS JOIN LATERAL (
           SELECT pg_catalog.format('table %s is owned by "%s", whose triggers would run with the privileges of "%s"', v.called, v.owner, current_user),
                  pg_catalog.format('if you trust that role, run cmig as "%s", or as an administrator: ALTER TABLE %s OWNER TO %I; otherwise '
                                    'inspect the table, and set version_table_schema to a schema in which only trusted roles can create tables',
                                    v.owner, v.called, current_user)
            WHERE c.relowner OPERATOR(pg_catalog.<>) n.nspowner AND NOT EXISTS (SELECT FROM trusted t WHERE t.role OPERATOR(pg_catalog.=) c.relowner)
            UNION ALL
           SELECT pg_catalog.format('%s has the name of a cmig table, but is not a table', v.called), 'set version_table or log_table to another name'
            WHERE c.relkind OPERATOR(pg_catalog.<>) 'r'
            UNION ALL
           SELECT pg_catalog.format('table %s has the trigger "%s", whose function is owned by "%s" and would run with the privileges of "%s"',
                                    v.called, t.tgname, pg_catalog.pg_get_userbyid(p.proowner), current_user),
                  pg_catalog.format('inspect its function; to remove the trigger: DROP TRIGGER %I ON %s', t.tgname, v.called)
             FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) t.tgfoid
            WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid AND NOT t.tgisinternal
              AND NOT EXISTS (SELECT FROM trusted r WHERE r.role OPERATOR(pg_catalog.=) p.proowner)
            UNION ALL
           SELECT pg_catalog.format('table %s has the rule "%s"', v.called, u.rulename),
                  pg_catalog.format('inspect the rule; to remove it: DROP RULE %I ON %s', u.rulename, v.called)
             FROM pg_catalog.pg_rewrite u
            WHERE u.ev_class OPERATOR(pg_catalog.=) c.oid AND c.relkind OPERATOR(pg_catalog.=) 'r'
            UNION ALL
           SELECT pg_catalog.format('row-level security on table %s could hide rows from "%s"', v.called, current_user),
                  pg_catalog.format('run as the owner of the table: ALTER TABLE %s DISABLE ROW LEVEL SECURITY', v.called)
            WHERE pg_catalog.row_security_active(c.oid)) AS f (problem, remedy)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'CM001', MESSAGE = problem, HINT = remedy;
    END IF;
END
$cmig$;

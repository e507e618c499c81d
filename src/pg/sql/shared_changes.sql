-- Whether the running transaction has changed roles, databases, tablespaces or other objects that all databases share: it
-- keeps its locks on their catalogs until it ends.
-- psql -f shared_changes.sql
SELECT EXISTS (
       SELECT FROM pg_catalog.pg_locks l
        WHERE l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND l.granted
          AND l.locktype OPERATOR(pg_catalog.=) 'relation' AND l.mode OPERATOR(pg_catalog.=) 'RowExclusiveLock'
          AND l.relation OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.pg_authid', 'pg_catalog.pg_auth_members', 'pg_catalog.pg_database',
                'pg_catalog.pg_tablespace', 'pg_catalog.pg_db_role_setting', 'pg_catalog.pg_shdescription',
                'pg_catalog.pg_shseclabel', 'pg_catalog.pg_subscription']::pg_catalog.regclass[]::pg_catalog.oid[]));

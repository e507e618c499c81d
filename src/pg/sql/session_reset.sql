-- Ends what a revision may have left in its session, so that the next one begins as in a new session. Cursors go before the
-- temporary tables that they read. Only statements that PREPARE has made are deallocated: a pooler has others.
-- psql -f session_reset.sql
RESET SESSION AUTHORIZATION;
RESET ROLE;
RESET ALL;
CLOSE ALL;
UNLISTEN *;
DISCARD SEQUENCES;
DISCARD TEMP;
DO $cmig$
DECLARE
    prepared pg_catalog.text;
BEGIN
    PERFORM pg_catalog.pg_advisory_unlock_all();
    FOR prepared IN SELECT p.name FROM pg_catalog.pg_prepared_statements p WHERE p.from_sql LOOP
        EXECUTE pg_catalog.format('DEALLOCATE %I', prepared);
    END LOOP;
END
$cmig$;

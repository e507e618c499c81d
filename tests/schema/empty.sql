-- Makes a database as new again, which is quicker than a new one, and hands it to the roles of the tests.
SET client_min_messages = error;
DO $$
DECLARE word text;
BEGIN
    FOR word IN SELECT format('DROP EVENT TRIGGER %I', evtname) FROM pg_event_trigger
                UNION ALL SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication LOOP EXECUTE word; END LOOP;
    FOR word IN SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
                 WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP EXECUTE word; END LOOP;
    DROP OWNED BY cmig_tester CASCADE;
    DROP OWNED BY cmig_alice CASCADE;
    DROP OWNED BY cmig_bob CASCADE;
    FOR word IN SELECT format('DROP ACCESS METHOD %I CASCADE', amname) FROM pg_am WHERE oid >= 16384 LOOP EXECUTE word; END LOOP;
    IF current_setting('server_version_num')::int >= 150000 THEN
        CREATE SCHEMA public AUTHORIZATION pg_database_owner;
        GRANT USAGE ON SCHEMA public TO PUBLIC;
    ELSE
        CREATE SCHEMA public AUTHORIZATION postgres;
        GRANT ALL ON SCHEMA public TO PUBLIC;
    END IF;
    COMMENT ON SCHEMA public IS 'standard public schema';
END $$;
RESET client_min_messages;

#!/usr/bin/env bats
# Servers that are set up in their own way: a role that is set at login, read-only guards, row-level security.
load helper

setup() {
    fresh_folder
    fresh_database
    project 'lock_retries = 0'
}

# Every connection of cmig acts as $ROLE, which hides what sessions do, its own included.
role_at_login() {
    fresh_role
    sql "GRANT CREATE, USAGE ON SCHEMA public TO $ROLE"
    export PGOPTIONS="-c role=$ROLE"
}

@test "a role set at login runs non-transactional revisions, and owns what they create" {
    role_at_login
    rev aaa '' $'CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;' '' 'transaction: false'
    ok upgrade head
    sql_is "SELECT relowner::regrole::text = '$ROLE' FROM pg_class WHERE relname = 'i'" t
    rows_are aaa
}

@test "a role set at login: the next run waits for a statement that an interrupted run left running" {
    role_at_login
    hold
    rev aaa '' $'CREATE TABLE ran (n int);\nDO $$ BEGIN PERFORM pg_advisory_lock(1); INSERT INTO ran VALUES (1); COMMIT; END $$;' '' \
        'transaction: false'
    start upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    kill -KILL "$PID"
    wait "$PID" || :
    start upgrade head
    until_text 'still runs statement 2 of aaa' "$BATS_TEST_TMPDIR/err"
    release
    finish
    same "$status" 1
    err_has 'statement 2 of revision "aaa" was cut off before' '--resume-after 2'
    ok upgrade head --resume-after 2
    sql_is 'SELECT count(*) FROM ran' 1
}

@test "a role set at login: who waits for another run says since when that runs" {
    role_at_login
    hold
    rev aaa '' 'SELECT pg_advisory_lock(1);'
    start_two upgrade head
    until_text 'waiting for another run: pid' "$BATS_TEST_TMPDIR/err"
    has "$(cat "$BATS_TEST_TMPDIR/err")" ', since 20'
    release
    both_end_well
}

@test "SET SESSION AUTHORIZATION in a non-transactional revision under a role set at login" {
    role_at_login
    rev aaa '' "SET SESSION AUTHORIZATION $ROLE; CREATE TABLE t (a int); CREATE INDEX CONCURRENTLY i ON t (a);" '' \
        'transaction: false'
    ok upgrade head
    rows_are aaa
}

read_only() { sql "ALTER DATABASE $DB SET default_transaction_read_only = on"; }

@test "default_transaction_read_only is a guard: nothing is written until it is lifted" {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    rev bbb aaa 'VACUUM;' '' 'transaction: false'
    read_only
    ok current
    for words in 'upgrade head' 'upgrade aaa' 'stamp head' 'ensure-version'; do
        # shellcheck disable=SC2086 # words on purpose
        fails 1 $words
        err_has 'the database is read-only: default_transaction_read_only is on (source: database)' "PGOPTIONS='-c default_transaction_read_only=off'"
    done
    untouched
    export PGOPTIONS='-c default_transaction_read_only=off'
    ok upgrade head
    unset PGOPTIONS
    ok upgrade head
    err_has 'nothing to do'
    fails 1 downgrade aaa
    err_has 'read-only'
    export DATABASE_URL="postgresql:///$DB?options=-c%20default_transaction_read_only%3Doff"
    ok downgrade base
    unset PGOPTIONS
    sql_is "SELECT to_regclass('a') IS NULL" t
}

@test "a block may make its own session read-only" {
    rev aaa '' $'CREATE TABLE a ();\nSET default_transaction_read_only = on;' '' 'transaction: false'
    rev bbb aaa 'SET default_transaction_read_only = on;'
    ok upgrade head
    rows_are bbb
}

@test "an event trigger that forces row-level security on new tables does not hide cmig's own" {
    fresh_role
    sql "GRANT CREATE ON SCHEMA public TO $ROLE;
         CREATE FUNCTION force_rls() RETURNS event_trigger LANGUAGE plpgsql AS \$\$ DECLARE t record; BEGIN
             FOR t IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table' LOOP
                 EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t.object_identity);
             END LOOP; END \$\$;
         CREATE EVENT TRIGGER force_rls ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION force_rls()"
    rev aaa '' 'CREATE TABLE a (i int);' 'DROP TABLE a;'
    rev bbb aaa $'CREATE TABLE b (i int);\nCREATE INDEX CONCURRENTLY ON b (i);' 'DROP TABLE b;' 'transaction: false'
    rev ccc bbb 'CREATE TABLE c (i int);'
    export DATABASE_URL=postgresql://$ROLE@/$DB
    ok upgrade head
    ok current
    out_is 'ccc (head)'
    ok status
    sql_is "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'a'" t
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc'
    sql "DROP EVENT TRIGGER force_rls; DROP OWNED BY $ROLE"
}

#!/usr/bin/env bats
# A connection that is lost: what was going on then, and what became of it.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# Ends the session of the program once it is there where the test wants it.
end_backend() {
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND $1 AND application_name LIKE 'cmig %'" 1
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND $1 AND application_name LIKE 'cmig %'" >/dev/null
}

# Runs the program up to where the server has committed and waits for a standby, and ends its session there.
lose_answer_of() {
    sql "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
    sql 'SELECT pg_reload_conf()' >/dev/null
    until_sql 'SHOW synchronous_standby_names' nobody
    start "$@"
    end_backend "wait_event = 'SyncRep'" || waited=no
    PGOPTIONS='-c synchronous_commit=local' "$PSQL" -XAtq -d "$DB" -c 'ALTER SYSTEM RESET synchronous_standby_names' -c 'SELECT pg_reload_conf()' >/dev/null
    finish
}

@test "a connection lost during a statement is told, and nothing was changed" {
    rev aaa '' 'CREATE TABLE a (); SELECT pg_sleep(20);'
    start upgrade head
    end_backend "query LIKE '%pg_sleep(20)%'"
    finish
    same "$status" 1
    err_has 'terminating connection' 'aaa.sql:6' 'nothing was changed; the database is at base'
    untouched
}

# A COMMIT that waits in a deferred trigger is not committed yet. A constraint of the same name that is not deferrable keeps
# the trigger from running at the end of the revision.
@test "a connection lost at COMMIT: where the server has not committed, nothing was changed" {
    rev aaa '' "CREATE TABLE a (id int); CREATE TABLE b (id int CONSTRAINT late CHECK (id > 0));
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait();
INSERT INTO a VALUES (1);"
    start upgrade head
    end_backend "wait_event = 'PgSleep'"
    finish
    same "$status" 1
    err_has 'committing revision aaa' 'terminating connection' 'nothing was changed; the database is at base'
    untouched
}

# A COMMIT that waits for a standby is committed here already.
@test "a connection lost at COMMIT: where the server has committed, the run says so and ends well" {
    rev aaa '' 'CREATE TABLE a (id int);'
    lose_answer_of upgrade head
    same "${waited:-yes} $status" 'yes 0'
    err_has 'lost at COMMIT' 'has committed'
    rows_are aaa
    tables_are a
}

@test "a stamp whose COMMIT was not answered: where the server has committed, it says so and ends well" {
    rev aaa '' 'CREATE TABLE a (id int);'
    rev bbb aaa 'CREATE TABLE b (id int);'
    ok ensure-version
    for command in 'stamp aaa' 'stamp --purge bbb'; do
        lose_answer_of $command
        same "${waited:-yes} $status" 'yes 0'
        err_has 'lost at COMMIT' 'has committed'
        rows_are "${command##* }"
    done
    same "$(sql 'SELECT count(*) FROM cmig_log')" 2
}

@test "ensure-version whose COMMIT was not answered can be repeated" {
    lose_answer_of ensure-version
    same "${waited:-yes} $status" 'yes 1'
    err_has 'whether the last COMMIT happened is not known'
    ok ensure-version
    rows_are
}

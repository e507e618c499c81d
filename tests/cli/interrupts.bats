#!/usr/bin/env bats
# Ctrl-C and SIGTERM end a run on the server too, and leave nothing behind.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# Runs a revision that sleeps, and once it does, sends the signal.
interrupt() {
    rev aaa '' "CREATE TABLE a (id int); SELECT pg_sleep(60), '$DB';"
    start upgrade head
    local sleeping="SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%pg_sleep(60)%$DB%' AND state = 'active'"
    until_sql "$sleeping" 1
    kill "-$1" "$PID"
    finish
    until_sql "$sleeping" 0
}

@test "Ctrl-C during a statement ends with 130, rolls back, and leaves nothing running" {
    interrupt INT
    same "$status" 130
    err_has interrupted aaa.sql:6:26 'state: nothing was changed'
    out_is ''
    untouched
}

@test "SIGHUP during a statement ends with 129 and rolls back" {
    rev aaa '' "CREATE TABLE a (); SELECT pg_sleep(20);"
    start upgrade head
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(20)%' AND pid <> pg_backend_pid()" 1
    kill -HUP "$PID"
    finish
    same "$status" 129
    untouched
}

@test "Ctrl-C while COPY TO STDOUT gives rows is heard at once" {
    rev aaa '' "COPY (SELECT repeat('x', 9000), pg_sleep(0.5) FROM generate_series(1, 30)) TO STDOUT;"
    start upgrade head
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%repeat%' AND pid <> pg_backend_pid()" 1
    kill -INT "$PID"
    finish
    same "$status" 130
    untouched
}

@test "a file that loses the end of its COPY data during the run is an error, not a wait" {
    rev aaa '' "$(slow_start)"
    { header bbb 'down_revision: aaa' && printf -- '-- cmig:upgrade\n-- %070000d\nCREATE TABLE b (t text);\nCOPY b FROM stdin;\nx\n\\.\n' 1; } | file bbb.sql
    hold
    start upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    { header bbb 'down_revision: aaa' && printf -- '-- cmig:upgrade\nCREATE TABLE b (t text);\nCOPY b FROM stdin;\nx\n'; } | file bbb.sql
    release
    finish
    same "$status" 1
    err_has bbb.sql 'COPY data'
    untouched
}

@test "SIGTERM during a statement ends with 143 and rolls back" {
    interrupt TERM
    same "$status" 143
    untouched
}

@test "Ctrl-C while another upgrade is at work ends with 130, and the other one goes on" {
    rev aaa '' 'SELECT pg_advisory_xact_lock(1); CREATE TABLE a (id int);'
    hold
    start_two upgrade head
    kill -INT "$PID"
    finish
    same "$status" 130
    err_has interrupted
    until_sql "$SESSIONS_SQL" "$SESSIONS"
    release
    PID=$ONE
    finish
    same "$status" 0
    log_is 'upgrade aaa'
}

@test "Ctrl-C among many small statements ends with 130 and rolls back" {
    {
        header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a (id int);\n'
        yes 'INSERT INTO a VALUES (1);' | head -500000
        printf 'SELECT pg_sleep(60);\n'
    } | file aaa.sql
    start upgrade head
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                AND application_name LIKE 'cmig %' AND backend_xid IS NOT NULL" 1
    kill -INT "$PID"
    finish
    same "$status" 130
    err_has interrupted 'state: nothing was changed'
    untouched
}

@test "Ctrl-C while COPY data waits for a lock ends with 130 and rolls back" {
    rev aaa '' "CREATE TABLE a (t text);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END';
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
COPY a FROM stdin;
$(yes 'a line of data that is long enough to fill whatever buffers there are' | head -100000)
\\."
    hold
    start upgrade head
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'" 1
    kill -INT "$PID"
    finish
    release
    same "$status" 130
    err_has interrupted
    untouched
}

#!/usr/bin/env bats
# One run at a time: who waits says for whom, waits no longer than lock_wait, and plans again from what it finds.
load helper

setup() {
    fresh_folder
    fresh_database
    project
    rev aaa '' 'SELECT pg_advisory_lock(1); CREATE TABLE a ();' 'DROP TABLE a;'
}

# A first run that is held up in revision aaa.
first_run() {
    hold
    "$CMIG" upgrade head >one 2>&1 </dev/null 3>&- 7>&- &
    ONE=$!
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
}

# ... in revision bbb, behind a statement that stays.
first_run_outside_a_transaction() {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    rev bbb aaa 'CREATE TABLE b (); SELECT pg_advisory_lock(1);' 'DROP TABLE b;' 'transaction: false'
    first_run
}

first_run_ends_well() {
    release
    PID=$ONE
    finish
    same "$status" 0
}

@test "who waits says for whom after a second, and then has nothing to do" {
    first_run
    start upgrade head
    until_text 'waiting for another run: pid' "$BATS_TEST_TMPDIR/err"
    has "$(cat "$BATS_TEST_TMPDIR/err")" 'cmig upgrade aaa' 'since 20'
    second=$PID
    first_run_ends_well
    PID=$second
    finish
    same "$status" 0
    err_has 'nothing to do'
    log_is 'upgrade aaa'
}

@test "lock_wait bounds the wait, and the error names the holder" {
    project 'lock_wait = 700ms'
    first_run
    fails 1 upgrade head
    err_has 'another run has held the lock' 'pid' 'cmig upgrade aaa' lock_wait 'state: nothing was changed'
    first_run_ends_well
    rows_are aaa
}

@test "lock_wait = 0 does not wait at all" {
    project 'lock_wait = 0'
    first_run
    fails 1 upgrade head
    err_has 'another run' 'cmig upgrade aaa'
    first_run_ends_well
}

@test "Ctrl-C ends the wait with 130" {
    first_run
    start upgrade head
    until_text 'waiting for another run: pid' "$BATS_TEST_TMPDIR/err"
    kill -INT "$PID"
    finish
    same "$status" 130
    first_run_ends_well
    rows_are aaa
}

@test "a relative target is refused where another run has changed the database meanwhile" {
    rev bbb aaa 'CREATE TABLE b ();' 'DROP TABLE b;'
    rev ccc bbb 'CREATE TABLE c ();' 'DROP TABLE c;'
    first_run
    start upgrade +1
    until_sql "SELECT count(*) > 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'cmig %'" t
    second=$PID
    sleep 0.3
    first_run_ends_well
    PID=$second
    finish
    same "$status" 1
    err_has 'another run has changed the database meanwhile' '"+1"' 'cmig current'
}

@test "the other direction waits for a run outside a transaction, and then begins where that has ended" {
    first_run_outside_a_transaction
    start downgrade base
    until_text 'waiting for another run: pid' "$BATS_TEST_TMPDIR/err"
    second=$PID
    first_run_ends_well
    PID=$second
    finish
    same "$status" 0
    err_has 'downgrade bbb -> aaa' 'downgrade aaa -> <base>'
    tables_are ''
    log_is 'upgrade aaa, upgrade bbb, downgrade bbb, downgrade aaa'
}

@test "a relative target of the other direction does not count from what it waited for" {
    first_run_outside_a_transaction
    start downgrade -1
    until_text 'waiting for another run: pid' "$BATS_TEST_TMPDIR/err"
    second=$PID
    first_run_ends_well
    PID=$second
    finish
    same "$status" 1
    err_has 'another run has changed the database meanwhile' '"-1"'
    rows_are bbb
}

@test "another version table in the same database is another lock" {
    first_run
    cp -r migrations other
    printf '[cmig]\nscript_location = other\nurl = ${DATABASE_URL}\nversion_table = v2\nlog_table =\nlock_wait = 0\n' >other.ini
    rm other/versions/*
    printf -- '-- ---\n-- revision: zzz\n-- ---\n-- cmig:upgrade\nCREATE TABLE z ();\n' >other/versions/zzz.sql
    ok -c other.ini upgrade head
    first_run_ends_well
}

#!/usr/bin/env bats
# CREATE, DROP and REINDEX INDEX CONCURRENTLY and DETACH ... CONCURRENTLY wait for older transactions, and block none.
load helper

setup() {
    fresh_folder
    fresh_database
    project 'lock_timeout = 200ms' 'lock_retries = 5'
    sql 'CREATE TABLE t (id int); CREATE TABLE other (id int)'
    rev aaa '' "CREATE TABLE a (id int);"
}

# A transaction that has a snapshot and has read a table, as pg_dump's or a report's, until `release`.
hold_snapshot() {
    rm -f "$BATS_TEST_TMPDIR/holder"
    mkfifo "$BATS_TEST_TMPDIR/holder"
    PGAPPNAME=report "$PSQL" -XAtq -d "$DB" <"$BATS_TEST_TMPDIR/holder" >/dev/null 3>&- &
    HOLDER=$!
    exec 7>"$BATS_TEST_TMPDIR/holder"
    echo "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM $1;" >&7
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = '$1'::regclass AND granted" 1
}

# waits_for_report TABLE STATEMENT: the statement waits for that transaction until it ends, and then is done.
waits_for_report() {
    rev bbb aaa "$2" '' 'transaction: false'
    hold_snapshot "$1"
    start upgrade head
    until_text 'waiting: statement 1 of bbb waits for the end of an older transaction: pid ' "$BATS_TEST_TMPDIR/err"
    built=$(sql "SELECT string_agg(oid::text, ' ' ORDER BY oid) FROM pg_class WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace AND relname !~ '^cmig'")
    sql 'SET lock_timeout = 1000; INSERT INTO t VALUES (2)'
    release
    finish
    same "$status" 0
    same "$(grep -c waiting: <<<"$err")" 1
    err_has '(report, user ' 'idle in transaction'
    err_lacks 'trying again' invalid
    rows_are bbb
}

@test "an index is built once while a transaction on another table stays open longer than lock_timeout" {
    waits_for_report other 'CREATE INDEX CONCURRENTLY i ON t (id);'
    sql_is "SELECT oid FROM pg_class WHERE relname = 'i'" "$built"
    sql_is "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass" t
}

@test "DROP INDEX CONCURRENTLY waits too" {
    sql 'CREATE INDEX i ON t (id)'
    waits_for_report t 'DROP INDEX CONCURRENTLY i;'
}

@test "REINDEX CONCURRENTLY waits too, and builds once" {
    sql 'CREATE INDEX i ON t (id)'
    waits_for_report t 'REINDEX INDEX CONCURRENTLY i;'
    has " $built " " $(sql "SELECT oid FROM pg_class WHERE relname = 'i'") "
}

@test "DETACH ... CONCURRENTLY waits too" {
    [ "$(server_major)" -ge 14 ] || skip 'no DETACH ... CONCURRENTLY before 14'
    sql 'CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)'
    waits_for_report p 'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;'
    sql_is "SELECT relispartition FROM pg_class WHERE relname = 'p1'" f
}

@test "an index that was left invalid is dropped with the same patience" {
    sql 'INSERT INTO t VALUES (1), (1)'
    rev bbb aaa 'CREATE UNIQUE INDEX CONCURRENTLY i ON t (id);' '' 'transaction: false'
    fails 1 upgrade head
    sql 'TRUNCATE t'
    hold_snapshot t
    start upgrade head
    until_text 'waiting: statement 1 of bbb waits for the end of an older transaction' "$BATS_TEST_TMPDIR/err"
    release
    finish
    same "$status" 0
    err_has 'the index public.i was left invalid: dropped, to be built again'
    err_lacks 'trying again'
}

@test "concurrently_lock_timeout ends the wait; nothing is built again before somebody says so" {
    project 'concurrently_lock_timeout = 1500ms'
    rev bbb aaa "CREATE INDEX CONCURRENTLY i ON t (id);" '' 'transaction: false'
    hold_snapshot other
    fails 1 upgrade head
    err_has 'SQLSTATE: 55P03' 'HINT: it waited for the end of an older transaction: pid ' \
        '; run the command again after that has ended, or increase concurrently_lock_timeout'
    err_lacks 'trying again'
    release
    ok upgrade head
    err_has 'the index public.i was left invalid: dropped, to be built again'
}

@test "empty, the limit is lock_timeout" {
    project 'concurrently_lock_timeout =' 'lock_timeout = 200ms' 'lock_retries = 1'
    rev bbb aaa "CREATE INDEX CONCURRENTLY i ON t (id);" '' 'transaction: false'
    hold_snapshot other
    fails 1 upgrade head
    err_has 'trying again'
    release
}

@test "a block that sets lock_timeout itself keeps what it has set" {
    rev bbb aaa "SET lock_timeout = '300ms'; CREATE INDEX CONCURRENTLY i ON t (id);" '' 'transaction: false'
    hold_snapshot other
    fails 1 --lock-retries 0 upgrade head
    err_has 'SQLSTATE: 55P03'
    release
}

@test "what comes behind has lock_timeout again, in the script too" {
    rev bbb aaa "CREATE INDEX CONCURRENTLY i ON t (id); CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS l;" '' 'transaction: false'
    ok upgrade head --sql
    out_has "SET lock_timeout = '1h';
CREATE INDEX CONCURRENTLY i ON t (id);
SET lock_timeout = '200ms';"
    ok upgrade head
    sql_is 'SELECT l FROM seen' 200ms
    rev ccc bbb "SET lock_timeout = 0; CREATE INDEX CONCURRENTLY j ON t (id);" '' 'transaction: false'
    ok upgrade bbb:head --sql
    out_lacks 1h
    project 'lock_timeout =' 'concurrently_lock_timeout = 2h'
    rev ccc bbb 'DROP INDEX CONCURRENTLY i;' '' 'transaction: false'
    ok upgrade bbb:head --sql
    out_has "SET lock_timeout = '2h';
DROP INDEX CONCURRENTLY i;
RESET lock_timeout;"
}

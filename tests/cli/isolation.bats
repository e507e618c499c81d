#!/usr/bin/env bats
# SET TRANSACTION at the beginning of a revision: it gets a transaction of its own, of that isolation level.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

teardown() {
    cd /
    if [ -n "${OTHER:-}" ]; then DB='' sql "DROP DATABASE $OTHER WITH (FORCE)"; fi
    if [ -n "${DB:-}" ]; then leave_database; fi
}

NOTE="INSERT INTO ran VALUES (current_setting('transaction_isolation'), pg_current_xact_id()::text);"

# isolated STATEMENT: four revisions, of which the third begins with the statement.
isolated() {
    rev aaa '' "CREATE TABLE ran (level text, xid text); $NOTE" 'DROP TABLE ran;'
    rev bbb aaa "$NOTE"
    rev ccc bbb "$1 $NOTE" "$1 DELETE FROM ran WHERE level <> 'read committed';"
    rev ddd ccc "$NOTE"
}

@test "each way to set the isolation level works, online, in a script, and down" {
    local way statement level
    for way in 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;=serializable' \
        'set transaction read write, isolation level repeatable  read;=repeatable read' \
        "-- a comment
SET search_path = public; SET LOCAL transaction_isolation TO 'serializable';=serializable" \
        "SET transaction_isolation = 'repeatable read';=repeatable read" \
        'SET LOCAL TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE;=serializable'; do
        statement=${way%=*} level=${way##*=}
        isolated "$statement"
        ok upgrade head
        rows_are ddd
        sql_is "SELECT string_agg(level || n, ',' ORDER BY x) FROM (SELECT level, count(*) AS n, min(xid::bigint) AS x FROM ran GROUP BY level, xid) y" \
            "read committed2,${level}1,read committed1"
        OTHER=${DB}_other
        sql "CREATE DATABASE $OTHER"
        ok upgrade --sql head
        PGOPTIONS='-c client_min_messages=warning' "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$OTHER" -f "$BATS_TEST_TMPDIR/out"
        same "$(DB=$OTHER sql 'SELECT level FROM ran; SELECT version_num FROM cmig_version')" \
            "$(sql 'SELECT level FROM ran; SELECT version_num FROM cmig_version')"
        DB='' sql "DROP DATABASE $OTHER WITH (FORCE)"
        OTHER=''
        ok downgrade base
        sql 'DROP TABLE cmig_version, cmig_log'
    done
}

@test "a single revision may set the isolation level" {
    rev aaa '' "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; CREATE TABLE t AS SELECT current_setting('transaction_isolation') AS level;"
    ok upgrade head
    sql_is 'SELECT level FROM t' serializable
    rows_are aaa
    log_is 'upgrade aaa'
}

@test "a failure in the revision or behind it keeps what was committed before, and says so" {
    isolated 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT nope;'
    fails 1 upgrade head
    err_has 'revision: ccc' 'state: 2 revisions are committed' 'the database is at bbb'
    rows_are bbb
}

@test "SET TRANSACTION behind other statements fails with a hint, which works" {
    rev aaa '' 'CREATE TABLE t (); SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;'
    fails 1 upgrade head
    err_has aaa.sql:6:20 'SQLSTATE: 25001' 'make this the first statement of the revision'
    err_lacks 'transaction: false'
    rev aaa '' 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; CREATE TABLE t ();'
    ok upgrade head
}

@test "what only a block's own BEGIN can set fails with a hint, which works" {
    rev aaa '' 'SET TRANSACTION DEFERRABLE; CREATE TABLE t ();'
    fails 1 upgrade head
    err_has aaa.sql:6:1 'SQLSTATE: 25001' 'put "transaction: false" in the revision' 'write BEGIN before this statement and COMMIT at the end'
    rev aaa '' 'BEGIN; SET TRANSACTION DEFERRABLE; CREATE TABLE t (); COMMIT;' '' 'transaction: false'
    ok upgrade head
    rows_are aaa
}

@test "an isolation level that is the default, or of later transactions only, changes nothing" {
    rev aaa '' "SET TRANSACTION READ WRITE; CREATE TABLE ran (level text, xid text); $NOTE"
    rev bbb aaa "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE; $NOTE"
    rev ccc bbb "SET default_transaction_isolation = 'serializable'; $NOTE"
    ok upgrade head
    sql_is 'SELECT count(DISTINCT xid), min(level), max(level) FROM ran' '1|read committed|read committed'
}

@test "a serialization failure is tried again" {
    project 'lock_retries = 3'
    sql 'CREATE TABLE t (a int); INSERT INTO t VALUES (1)'
    rev aaa '' 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT pg_advisory_xact_lock(1); UPDATE t SET a = a + 1;'
    hold
    start upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    sql 'UPDATE t SET a = 10'
    release
    finish
    same "$status" 0
    err_has 'could not serialize access due to concurrent update' 'trying again'
    sql_is 'SELECT a FROM t' 11
}

#!/usr/bin/env bats
# A transaction that meets a lock timeout, a deadlock or a serialization failure is run again, and says who was in the way.
load helper

setup() {
    fresh_folder
    fresh_database
    project
    sql 'CREATE TABLE held (id int)'
    rev aaa '' 'CREATE TABLE a (id int);'
    rev bbb aaa 'ALTER TABLE held ADD COLUMN more int;' 'ALTER TABLE held DROP COLUMN more;'
}

# A session that has locked the table "held" until `release`.
hold_table() {
    mkfifo "$BATS_TEST_TMPDIR/holder"
    PGAPPNAME=holder "$PSQL" -XAtq -d "$DB" <"$BATS_TEST_TMPDIR/holder" >/dev/null 3>&- &
    HOLDER=$!
    exec 7>"$BATS_TEST_TMPDIR/holder"
    echo 'BEGIN; LOCK TABLE held;' >&7
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 'held'::regclass AND granted" 1
}

@test "a lock timeout is told with who holds the lock, and the transaction is run again" {
    hold_table
    start --lock-timeout 500ms upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 'held'::regclass AND NOT granted" 1
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 'held'::regclass AND NOT granted" 0
    release
    finish
    same "$status" 0
    err_has 'canceling statement due to lock timeout' 'AccessExclusiveLock on held' '(holder, user ' 'idle in transaction' \
        'transaction open for ' 'query started ' 'trying again in '
    rows_are bbb
    log_is 'upgrade aaa, upgrade bbb'
    sql_is "SELECT count(*) FROM pg_attribute WHERE attrelid = 'held'::regclass AND attname = 'more'" 1
}

@test "after lock_retries tries the error stays, and nothing has changed" {
    hold_table
    fails 1 --lock-timeout 200ms --lock-retries 1 upgrade head
    err_has bbb.sql:6:1 'SQLSTATE: 55P03' 'trying again in ' 'state: nothing was changed; the database is at base'
    same "$(grep -c 'trying again' <<<"$err")" 1
    release
    tables_are held
}

@test "lock_retries = 0 in the ini file tries once" {
    project 'lock_retries = 0' 'lock_timeout = 200ms'
    hold_table
    fails 1 upgrade head
    err_has 'SQLSTATE: 55P03'
    err_lacks 'trying again'
    release
}

@test "a try again of one transaction leaves the ones before it committed" {
    project transaction_per_migration=true
    hold_table
    fails 1 --lock-timeout 200ms --lock-retries 1 upgrade head
    err_has 'state: 1 revision is committed' 'the database is at aaa'
    release
    rows_are aaa
    log_is 'upgrade aaa'
    ok upgrade head
    log_is 'upgrade aaa, upgrade bbb'
}

@test "an interrupt ends the pause" {
    hold_table
    start --lock-timeout 200ms --lock-retries 50 upgrade head
    until_text 'trying again' "$BATS_TEST_TMPDIR/err"
    kill -TERM "$PID"
    finish
    same "$status" 143
    err_has interrupted 'nothing was changed'
    release
    tables_are held
}

@test "a serialization failure is run again, any other error is not" {
    rev ccc bbb "DO \$\$ BEGIN IF NOT EXISTS (SELECT FROM pg_sequences WHERE last_value IS NOT NULL) THEN PERFORM nextval('s'); RAISE serialization_failure; END IF; END \$\$;"
    sql 'CREATE SEQUENCE s'
    ok upgrade head
    err_has 'serialization_failure; trying again'
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc'
    rev ddd ccc 'RAISE;'
    fails 1 upgrade head
    err_lacks 'trying again'
}

@test "a stamp that cannot lock the version table is tried again" {
    ok upgrade aaa
    sql 'DROP TABLE held'
    sql 'ALTER TABLE cmig_version RENAME TO held'
    hold_table
    echo 'ALTER TABLE held RENAME TO cmig_version;' >&7
    project 'lock_timeout = 300ms'
    start stamp bbb
    until_text 'trying again' "$BATS_TEST_TMPDIR/err"
    echo COMMIT\; >&7
    finish
    same "$status" 0
    release
    rows_are bbb
}

@test "--lock-timeout and --statement-timeout win over the ini file, and RESET cannot remove them" {
    project 'lock_timeout = 7s' 'statement_timeout = 11min'
    rev aaa '' "CREATE TABLE a AS SELECT current_setting('lock_timeout') l, current_setting('statement_timeout') s; SET lock_timeout = 0; RESET ALL; CREATE TABLE b AS SELECT current_setting('lock_timeout') l;"
    ok --lock-timeout 3s --statement-timeout 4min upgrade aaa
    sql_is 'SELECT l, s FROM a' '3s|4min'
    sql_is 'SELECT l FROM b' 3s
}

@test "a limit that is no time is refused" {
    fails 2 --lock-timeout 5x upgrade head
    err_has 'lock_timeout is a time' '"5x"'
    fails 2 --lock-retries many upgrade head
    err_has 'lock_retries is a whole number' '"many"'
}

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

# hold_table [TABLE]: a session that has locked a table, or "held", until `release`.
hold_table() {
    local table=${1:-held}
    rm -f "$BATS_TEST_TMPDIR/holder"
    mkfifo "$BATS_TEST_TMPDIR/holder"
    PGAPPNAME=holder "$PSQL" -XAtq -d "$DB" <"$BATS_TEST_TMPDIR/holder" >/dev/null 3>&- &
    HOLDER=$!
    exec 7>"$BATS_TEST_TMPDIR/holder"
    echo "BEGIN; LOCK TABLE $table IN SHARE MODE;" >&7
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = '$table'::regclass AND mode = 'ShareLock' AND granted" 1
}

# Until cmig has met the lock on a table, and then has given up waiting for it once.
until_tried_once() {
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = '$1'::regclass AND NOT granted" 1
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = '$1'::regclass AND NOT granted" 0
}

@test "a lock timeout is told with who holds the lock, and the transaction is run again" {
    hold_table
    start --lock-timeout 500ms upgrade head
    until_tried_once held
    release
    finish
    same "$status" 0
    err_has 'canceling statement due to lock timeout' 'AccessExclusiveLock on held' '(holder, user ' 'idle in transaction' \
        'transaction open for ' 'query started ' 'trying again in '
    rows_are bbb
    log_is 'upgrade aaa, upgrade bbb'
    sql_is "SELECT count(*) FROM pg_attribute WHERE attrelid = 'held'::regclass AND attname = 'more'" 1
}

# migrate_while_log_is_locked ARGUMENT...: the steps have run when the log is found locked; the rows are those of one run.
migrate_while_log_is_locked() {
    hold_table cmig_log
    start --lock-timeout 400ms "$@"
    until_tried_once cmig_log
    release
    finish
    same "$status" 0
    err_has 'recording and committing' 'trying again in '
}

@test "a lock on the log is met behind the steps, and the rows are right after another try" {
    ok upgrade aaa
    rev ccc bbb 'CREATE TABLE c (id int);'
    migrate_while_log_is_locked upgrade heads
    rows_are ccc
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc'
    migrate_while_log_is_locked downgrade base
    rows_are ''
}

@test "a lock on the log behind a block outside a transaction: it has run once, and its row is right" {
    ok upgrade bbb
    rev ccc bbb 'CREATE TABLE c (id int); INSERT INTO c VALUES (1);' 'DROP TABLE c;' 'transaction: false'
    rev ddd ccc 'CREATE TABLE d (id int);'
    migrate_while_log_is_locked upgrade ccc
    rows_are ccc
    sql_is 'SELECT count(*) FROM c' 1
    migrate_while_log_is_locked downgrade bbb
    rows_are bbb
    tables_are 'a held'
    migrate_while_log_is_locked upgrade ddd
    rows_are ddd
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

@test "the first of several transactions is run again on a database without cmig's tables" {
    project 'transaction_per_migration = true'
    rev aaa '' 'ALTER TABLE held ADD COLUMN first int;'
    hold_table
    start --lock-timeout 400ms upgrade head
    until_tried_once held
    release
    finish
    same "$status" 0
    err_has 'trying again in '
    rows_are bbb
}

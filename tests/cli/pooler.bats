#!/usr/bin/env bats
# Behind pgbouncer in transaction mode, which refuses start-up settings and hands out other sessions' connections.
load helper

setup() {
    PATH=$PATH:/usr/sbin
    command -v pgbouncer >/dev/null || skip 'no pgbouncer'
    fresh_folder
    fresh_database
    project
    start_pooler
}

teardown() {
    stop_pooler
    cd /
    if [ -n "${DB:-}" ]; then leave_database; fi
}

# pgbouncer as Debian configures it, but for where it listens. It does not run as root.
start_pooler() {
    local as=()
    folder=$(mktemp -d) # a short name, where a user who is not root may go
    cat >"$folder/pgbouncer.ini" <<INI
[databases]
* = host=$PGHOST user=$PGUSER
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = $folder
auth_type = any
pool_mode = transaction
default_pool_size = 3
logfile = $folder/log
$1
INI
    if [ "$(id -u)" -eq 0 ]; then
        command -v setpriv >/dev/null || skip 'run by root, and no setpriv to become nobody'
        chown -R 65534:65534 "$folder"
        as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    fi
    "${as[@]}" pgbouncer -q "$folder/pgbouncer.ini" >/dev/null 2>&1 3>&- &
    POOLER=$!
    export DATABASE_URL="postgresql://$PGUSER@/$DB?host=$folder&port=6432"
    ok --wait=10 current
}

stop_pooler() {
    if [ -z "${POOLER:-}" ]; then return; fi
    kill "$POOLER" || :
    wait "$POOLER" || :
    rm -r "$folder"
    POOLER=''
}

@test "upgrade, downgrade and CREATE INDEX CONCURRENTLY run" {
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE a;'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY a_id ON a (id);' 'DROP INDEX CONCURRENTLY a_id;' 'transaction: false'
    rev ccc bbb 'CREATE TABLE c (id int);' 'DROP TABLE c;'
    ok upgrade head
    rows_are ccc
    sql_is "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass" t
    ok downgrade base
    ok upgrade head
    tables_are 'a c'
}

@test "the limits hold in each transaction and revision, and are not left behind for others" {
    rev aaa '' "CREATE TABLE a AS SELECT current_setting('lock_timeout') l, current_setting('statement_timeout') s; RESET ALL;"
    rev bbb aaa "CREATE TABLE b AS SELECT current_setting('lock_timeout') l, current_setting('statement_timeout') s;"
    ok --lock-timeout 3s --statement-timeout 4min upgrade head
    sql_is 'SELECT a.*, b.* FROM a, b' '3s|4min|3s|4min'
    same "$("$PSQL" -XAtq "$DATABASE_URL" -c 'SHOW lock_timeout')" 0
}

@test "a pooler in statement mode is refused with its reason, and nothing is changed" {
    stop_pooler
    start_pooler 'pool_mode = statement'
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE a;'
    fails 1 upgrade head
    err_has 'transaction blocks not allowed in statement pooling mode' 'set pool_mode = transaction or session'
    unset DATABASE_URL
    export DATABASE_URL=postgresql:///$DB
    untouched
}

@test "a pooler in session mode works" {
    stop_pooler
    start_pooler 'pool_mode = session'
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE a;'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY a_id ON a (id);' 'DROP INDEX CONCURRENTLY a_id;' 'transaction: false'
    ok upgrade head
    ok downgrade base
}

@test "a pooler that keeps prepared statements works in session and transaction mode" {
    version=$(pgbouncer --version | sed -n 's/^PgBouncer 1\.\([0-9]*\).*/\1/p')
    [ "$version" -ge 21 ] || skip 'pgbouncer before 1.21 keeps none'
    rev aaa '' 'CREATE TABLE a (id int); PREPARE p AS INSERT INTO a VALUES (1); EXECUTE p;' 'DROP TABLE a;'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY a_id ON a (id);' 'DROP INDEX CONCURRENTLY a_id;' 'transaction: false'
    rev ccc bbb 'PREPARE p AS INSERT INTO a VALUES (2); EXECUTE p;' 'DELETE FROM a WHERE id = 2;'
    for mode in session transaction; do
        stop_pooler
        start_pooler "pool_mode = $mode
max_prepared_statements = 100"
        ok -x secret:token=hush upgrade head
        rows_are ccc
        sql_is 'SELECT string_agg(id::text, $$,$$) FROM a' 1,2
        ok downgrade base
        ok stamp head
        ok stamp base
    done
}

@test "the limits hold where the pooler leaves start-up settings out silently" {
    stop_pooler
    start_pooler 'ignore_startup_parameters = options, extra_float_digits'
    rev aaa '' "CREATE TABLE a AS SELECT current_setting('lock_timeout') l;"
    ok --lock-timeout 3s upgrade head
    sql_is 'SELECT l FROM a' 3s
}

@test "of two runs at once, one waits for the other and has nothing to do" {
    rev aaa '' 'SELECT pg_advisory_lock(1), pg_advisory_unlock(1); CREATE TABLE a ();'
    rev bbb aaa 'CREATE TABLE b (id int); CREATE INDEX CONCURRENTLY b_id ON b (id);' '' 'transaction: false'
    hold
    "$CMIG" upgrade head >one 2>&1 </dev/null 3>&- 7>&- &
    ONE=$!
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    start upgrade head
    until_text 'waiting for another run: pid' "$BATS_TEST_TMPDIR/err"
    release
    both_end_well
    log_is 'upgrade aaa, upgrade bbb'
}

#!/usr/bin/env bats
# The server is lost at COMMIT, and another one answers: what is told is true of that one.

load helper

in_servers() { (cd "$SERVERS" && as_server "$@") >>"$BATS_TEST_TMPDIR/servers.log" 2>&1 3>&-; }

start_server() {
    printf '%s\n' "unix_socket_directories = '$SERVERS/$1'" >"$SERVERS/$1/data/postgresql.auto.conf"
    in_servers "$SERVER_BINDIR/pg_ctl" -D "$SERVERS/$1/data" -l "$SERVERS/$1/log" -w start
}
stop_server() { in_servers "$SERVER_BINDIR/pg_ctl" -D "$SERVERS/$1/data" -m "$2" -w stop; }

on() { "$PSQL" -XAtq -v ON_ERROR_STOP=1 -h "$SERVERS/$1" -U postgres -d postgres -c "$2"; }

# Two servers, of which the second has what the first had before, but not what it gets afterwards.
setup() {
    fresh_folder
    [ -x "$SERVER_BINDIR/pg_ctl" ] || skip 'needs pg_ctl'
    SERVERS=$(mktemp -d "${TMPDIR:-/tmp}/cmig-two.XXXXXX")
    chmod 777 "$SERVERS"
    as_server mkdir -p "$SERVERS/one" "$SERVERS/two"
    in_servers "$SERVER_BINDIR/initdb" -D "$SERVERS/one/data" -U postgres -A trust --locale=C --no-sync
    in_servers sh -c "printf '%s\n' \"listen_addresses = ''\" 'fsync = off' >>'$SERVERS/one/data/postgresql.conf'"
    start_server one
    export DATABASE_URL="host=$SERVERS/one,$SERVERS/two user=postgres dbname=postgres"
    project
    chain
    ok upgrade aaa
    stop_server one fast
    in_servers cp -a "$SERVERS/one/data" "$SERVERS/two/data"
    start_server one
}

teardown() {
    cd /
    [ -n "${SERVERS:-}" ] || return 0
    for name in one two; do [ ! -f "$SERVERS/$name/data/postmaster.pid" ] || stop_server $name immediate || :; done
    rm -rf "$SERVERS"
}

# Upgrades to bbb, up to where the first server has committed and has not said so: it waits for a standby.
commit_without_answer() {
    on one "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
    on one 'SELECT pg_reload_conf()' >/dev/null
    until [ "$(on one 'SHOW synchronous_standby_names')" = nobody ]; do sleep 0.05; done
    start upgrade bbb
    until [ "$(on one "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")" = 1 ]; do sleep 0.05; done
}

lose_at_commit() {
    commit_without_answer
    stop_server one immediate
    finish 40
}

rows_of_two() { on two 'SELECT string_agg(version_num, chr(44)) FROM cmig_version'; }

@test "a server that has another transaction of the same number has not committed this one" {
    start_server two
    for ((i = 0; i < 30; i++)); do on two 'SELECT pg_current_xact_id()' >/dev/null; done
    lose_at_commit
    same "$status" 1
    err_has 'the transaction is not committed on the server that answers now, which is another one or was restarted' \
        'the database there is at aaa'
    same "$(rows_of_two)" aaa
    ok upgrade bbb
    same "$(rows_of_two)" bbb
}

@test "a server whose version table has what was committed has it" {
    start_server two
    DATABASE_URL="host=$SERVERS/two user=postgres dbname=postgres" ok upgrade bbb
    lose_at_commit
    same "$status" 0
    err_has 'the server that answers now is another one or was restarted, and its version table contains what was to be committed'
    same "$(rows_of_two)" bbb
}

@test "a standby is not written to, and the hint leads to the primary" {
    in_servers touch "$SERVERS/two/data/standby.signal"
    start_server two
    fails 1 --url "host=$SERVERS/two user=postgres dbname=postgres" upgrade head
    err_has 'connect to the primary server; if the url names several hosts, target_session_attrs=read-write finds it'
    ok --url "host=$SERVERS/two,$SERVERS/one user=postgres dbname=postgres target_session_attrs=read-write" upgrade head
}

@test "a standby that has not been promoted does not know" {
    in_servers touch "$SERVERS/two/data/standby.signal"
    start_server two
    lose_at_commit
    same "$status" 1
    err_has 'whether the last COMMIT happened is not known' 'before it, the database was at aaa'
}

@test "a server where others have gone on does not know" {
    start_server two
    DATABASE_URL="host=$SERVERS/two user=postgres dbname=postgres" ok upgrade ccc
    lose_at_commit
    same "$status" 1
    err_has 'whether the last COMMIT happened is not known'
}

@test "the same server, started again, has what it has committed" {
    commit_without_answer
    stop_server one immediate
    start_server one
    finish 40
    same "$status" 0
    err_has 'its version table contains what was to be committed'
    same "$(on one 'SELECT version_num FROM cmig_version')" bbb
}

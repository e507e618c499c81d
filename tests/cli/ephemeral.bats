#!/usr/bin/env bats
# ephemeral: as the url is a server of the command's own, which is gone when the command is.
load helper

setup() {
    [ -n "$SERVER_BINDIR" ] || skip 'CMIG_PG_BINDIR does not say where the server is'
    fresh_folder
    project
    unset PGHOST PGUSER
    export CMIG_PG_BINDIR=$SERVER_BINDIR TMPDIR=$BATS_TEST_TMPDIR/tmp
    # Where it is the server's user that works in it, that one must come this far.
    chmod 711 "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}" "$BATS_TEST_TMPDIR"
    mkdir -m 1777 "$TMPDIR"
}

teardown() {
    cd /
    if [ -n "${LEFT:-}" ]; then kill -KILL "$LEFT" 2>/dev/null || :; fi
}

# Processes that work in $TMPDIR. What has ended and nobody has waited for has no arguments.
processes() { ps -ww -eo pid=,args= | awk -v folder="$TMPDIR/" 'index($0, folder) && $2 !~ /awk|^ps$/ { print $1 }'; }

# A process of a server that has lost its postmaster ends when it sees that.
nothing_is_left() {
    local i
    for i in {1..100}; do
        if [ -z "$(processes)" ]; then break; fi
        sleep 0.05
    done
    same "$(processes)" ''
    files_are "$TMPDIR" ''
}

# Waits until a revision of `start` sleeps; $FOLDER is the server's.
until_sleeping() {
    local i
    for i in {1..200}; do
        FOLDER=$(echo "$TMPDIR"/cmig-ephemeral-*)
        if [ "$(as_superuser 'SELECT count(*) FROM pg_stat_activity WHERE query LIKE $$%pg_sleep(60)%$$ AND pid <> pg_backend_pid()')" = 1 ]; then
            return
        fi
        sleep 0.05
    done
    echo 'after ten seconds, no revision sleeps'
    return 1
}

as_superuser() { "$PSQL" -XAtq -h "$FOLDER" -p 5432 -U postgres -d postgres -c "$1" 2>/dev/null; }

# The id of a process that has ended.
dead_pid() { sh -c 'echo $$'; }

@test "upgrade head runs against a server that was not there, and leaves nothing" {
    chain
    ok --url ephemeral: upgrade head
    err_has 'upgrade <base> -> aaa' 'upgrade bbb -> ccc'
    nothing_is_left
}

@test "url of the ini file and DATABASE_URL may be ephemeral: too" {
    DATABASE_URL=ephemeral: ok current
    err_has 'nothing is applied'
    ini 'script_location = migrations' 'url = ephemeral:'
    ok current
    err_has 'nothing is applied'
    nothing_is_left
}

@test "what the environment says of other servers does not reach it" {
    rev aaa '' 'CREATE TABLE a ();'
    PGHOST=/nowhere PGHOSTADDR=192.0.2.1 PGPORT=1 PGUSER=nobody PGDATABASE=nothing PGREQUIREPEER=somebody \
        PGCHANNELBINDING=require PGTARGETSESSIONATTRS=read-only PGDATA=/nowhere ok --url ephemeral: upgrade head
    nothing_is_left
}

@test "the server has the settings of a throw-away one, UTF-8, and no TCP port" {
    rev aaa '' "DO \$\$ BEGIN
    ASSERT current_setting('listen_addresses') = '', 'listen_addresses';
    ASSERT current_setting('fsync') = 'off', 'fsync';
    ASSERT current_setting('synchronous_commit') = 'off', 'synchronous_commit';
    ASSERT current_setting('full_page_writes') = 'off', 'full_page_writes';
    ASSERT current_setting('server_encoding') = 'UTF8', 'encoding';
    ASSERT current_user = 'postgres' AND current_setting('is_superuser') = 'on', 'user';
END \$\$;"
    ok --url ephemeral: upgrade head
    err_lacks initdb 'LOG:'
}

@test "a call that goes wrong keeps its exit status, and leaves nothing" {
    rev aaa '' 'CREATE TABLE a (id txt);'
    fails 1 --url ephemeral: upgrade head
    err_has 'aaa.sql:6:20' 'type "txt" does not exist'
    nothing_is_left
    rm migrations/versions/aaa.sql
    chain
    cmig --url ephemeral: current --check-heads
    same "$status" 3
    nothing_is_left
}

@test "a mistake in a revision file is told before a server is started" {
    echo nonsense | file aaa.sql
    CMIG_PG_BINDIR=/nowhere fails 1 --url ephemeral: upgrade head
    err_has aaa.sql
    err_lacks CMIG_PG_BINDIR
}

@test "upgrade --sql needs no server" {
    chain
    CMIG_PG_BINDIR=/nowhere ok --url ephemeral: upgrade --sql head
    out_has 'CREATE TABLE c'
}

@test "a folder with blanks, quotes and backslashes in its name will do" {
    rev aaa '' 'CREATE TABLE a ();'
    export TMPDIR="$TMPDIR/a 'b\" \\c"
    mkdir -m 1777 "$TMPDIR"
    ok --url ephemeral: upgrade head
    nothing_is_left
}

@test "where sockets or the server's user cannot be in TMPDIR, the server is in /tmp" {
    local long
    rev aaa '' "SELECT pg_sleep(60);"
    long=$TMPDIR/$(printf '%070d' 0)
    mkdir -m 1777 "$long"
    TMPDIR=$long start --url ephemeral: upgrade head
    TMPDIR=/tmp FOLDER=/tmp/cmig-ephemeral-$PID-
    until compgen -G "$FOLDER*/data/base" >/dev/null; do sleep 0.05; done
    kill -INT "$PID"
    finish
    same "$status" 130
    same "$(compgen -G "$FOLDER*")" ''
    files_are "$long" ''
}

@test "Ctrl-C ends with 130, and leaves nothing" {
    rev aaa '' 'SELECT pg_sleep(60);'
    start --url ephemeral: upgrade head
    until_sleeping
    kill -INT "$PID"
    finish
    same "$status" 130
    err_has interrupted
    nothing_is_left
}

@test "SIGTERM ends with 143, and leaves nothing" {
    rev aaa '' 'SELECT pg_sleep(60);'
    start --url ephemeral: upgrade head
    until_sleeping
    kill -TERM "$PID"
    finish
    same "$status" 143
    nothing_is_left
}

@test "Ctrl-C while the server is made ends with 130, and leaves nothing" {
    local i
    rev aaa '' 'SELECT 1;'
    for i in 1 2 3 4; do
        start --url ephemeral: upgrade head
        until compgen -G "$TMPDIR/cmig-ephemeral-$PID-*/initdb.log" >/dev/null; do sleep 0.01; done
        sleep "0.$((i * 12))"
        kill -INT "$PID"
        finish
        [ "$status" -eq 130 ] || [ "$status" -eq 0 ]
        nothing_is_left
        if [ "$i" = 1 ]; then err_is 'cmig: error: interrupted'; fi
    done
}

@test "Ctrl-C of the terminal reaches cmig, and the server only through it" {
    command -v setsid >/dev/null || skip 'no setsid'
    rev aaa '' 'SELECT pg_sleep(60);'
    # Of an own process group, whose members all get the signal, as from a terminal.
    setsid "$CMIG" --url ephemeral: upgrade head >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null 3>&- 7>&- &
    PID=$!
    until_sleeping
    kill -INT "-$PID"
    finish
    err_has interrupted
    nothing_is_left
}

@test "the server of a killed cmig ends with it, and the next one removes its folder" {
    [ "$(uname -s)" = Linux ] || skip 'only Linux tells a process that its parent has ended'
    rev aaa '' 'SELECT pg_sleep(60);'
    start --url ephemeral: upgrade head
    until_sleeping
    kill -KILL "$PID"
    finish
    until [ -z "$(processes)" ]; do sleep 0.05; done
    [ -d "$FOLDER" ]
    ok --url ephemeral: current
    nothing_is_left
}

@test "a server that a killed cmig has left running is stopped, and its folder removed" {
    local folder data
    folder=$TMPDIR/cmig-ephemeral-$(dead_pid)-abcdef data=$TMPDIR/cmig-ephemeral-$(dead_pid)-abcdef/data
    folder=${data%/data}
    as_server mkdir -m 700 "$folder"
    (
        cd "$TMPDIR"
        as_server "$SERVER_BINDIR/initdb" -D "$data" -U postgres -A trust --no-sync --locale=C >"$BATS_TEST_TMPDIR/log" 2>&1
        as_server "$SERVER_BINDIR/postgres" -D "$data" -c listen_addresses= -c unix_socket_directories="$folder" \
            >"$BATS_TEST_TMPDIR/log" 2>&1 </dev/null 3>&- 7>&- &
    )
    until grep -q ready "$data/postmaster.pid" 2>/dev/null; do sleep 0.05; done
    LEFT=$(head -1 "$data/postmaster.pid")
    ok --url ephemeral: current
    nothing_is_left
}

@test "a process that only has the id of a server that is gone is left alone" {
    local folder
    folder=$TMPDIR/cmig-ephemeral-$(dead_pid)-abcdef
    as_server mkdir -m 700 "$folder"
    as_server mkdir "$folder/data"
    sleep 60 3>&- &
    LEFT=$!
    disown
    as_server sh -c 'printf "%s\n" "$1" >"$2"' -- "$LEFT" "$folder/data/postmaster.pid"
    ok --url ephemeral: current
    kill -0 "$LEFT"
    files_are "$TMPDIR" ''
}

@test "folders of runs that are at work, of other names, and links are left alone" {
    local alive dead
    alive=$TMPDIR/cmig-ephemeral-$$-abcdef dead=$(dead_pid)
    as_server mkdir -m 700 "$alive" "$TMPDIR/cmig-ephemeral-x" "$TMPDIR/cmig-ephemeral-$dead.d" "$TMPDIR/elsewhere"
    as_server touch "$TMPDIR/elsewhere/file"
    as_server ln -s "$TMPDIR/elsewhere" "$TMPDIR/cmig-ephemeral-$dead-linked"
    as_server mkdir -m 700 "$TMPDIR/cmig-ephemeral-$dead-folder"
    as_server ln -s "$TMPDIR/elsewhere" "$TMPDIR/cmig-ephemeral-$dead-folder/link"
    ok --url ephemeral: current
    [ -d "$alive" ] && [ -d "$TMPDIR/cmig-ephemeral-x" ] && [ -d "$TMPDIR/cmig-ephemeral-$dead.d" ]
    [ -L "$TMPDIR/cmig-ephemeral-$dead-linked" ] && [ -f "$TMPDIR/elsewhere/file" ]
    [ ! -e "$TMPDIR/cmig-ephemeral-$dead-folder" ]
}

@test "a folder of another user is left alone" {
    [ "$(id -u)" -eq 0 ] || skip 'only root can make one'
    local folder
    folder=$TMPDIR/cmig-ephemeral-$(dead_pid)-abcdef
    mkdir "$folder"
    chown 12345 "$folder"
    ok --url ephemeral: current
    [ -d "$folder" ]
}

@test "a user who is not root has the server run as himself" {
    chain
    chmod -R a+rX .
    CMIG_PG_BINDIR=$SERVER_BINDIR cmig_as_nobody --url ephemeral: upgrade head
    same "$status" 0
    err_has 'upgrade bbb -> ccc'
    nothing_is_left
}

@test "root has the server run as somebody else" {
    [ "$(id -u)" -eq 0 ] || skip 'not run by root'
    rev aaa '' 'SELECT pg_sleep(60);'
    start --url ephemeral: upgrade head
    until_sleeping
    [ "$(stat -c %U%a "$FOLDER")" = postgres700 ] || [ "$(stat -c %U%a "$FOLDER")" = nobody700 ]
    same "$(stat -c %U "/proc/$(head -1 "$FOLDER/data/postmaster.pid")")" "$(stat -c %U "$FOLDER")"
    kill -INT "$PID"
    finish
    nothing_is_left
}

@test "a folder without the server's programs is refused, and how to name one is told" {
    fails 2 --url ephemeral:/nowhere current
    err_has 'ephemeral:/nowhere: there is no initdb and postgres' /usr/lib/postgresql/16/bin
    CMIG_PG_BINDIR=/nowhere fails 2 --url ephemeral: current
    err_has 'CMIG_PG_BINDIR=/nowhere: there is no initdb and postgres'
    nothing_is_left
}

@test "a folder and a major version choose the server" {
    local major
    major=$(program_major "$SERVER_BINDIR/postgres")
    ok --url "ephemeral:$major" current
    CMIG_PG_BINDIR='' ok --url "ephemeral:$SERVER_BINDIR" current
    mkdir bin
    ln -s "$SERVER_BINDIR/initdb" "$SERVER_BINDIR/postgres" bin
    CMIG_PG_BINDIR='' PATH=$PWD/bin:$PATH ok --url "ephemeral:$major" current
    nothing_is_left
}

@test "a version that is not there is told with those that are" {
    fails 1 --url ephemeral:99 current
    err_has 'no PostgreSQL 99 server was found' "there is $(program_major "$SERVER_BINDIR/postgres") in $SERVER_BINDIR" CMIG_PG_BINDIR
    fails 2 --url ephemeral:latest current
    err_has 'ephemeral:latest' 'neither a major version' 'ephemeral:16'
    nothing_is_left
}

@test "a server that does not start is told with the end of its log" {
    mkdir bin
    printf '#!/bin/sh\ncase $1 in --version) echo "postgres (PostgreSQL) 16.1"; exit;; esac\necho FATAL: out of luck >&2\nexit 1\n' >bin/postgres
    printf '#!/bin/sh\nmkdir -m 700 data; echo too much\n' >bin/initdb
    chmod -R a+rx "$BATS_TEST_TMPDIR/work"
    chmod a+rx bin/*
    fails 1 --url "ephemeral:$PWD/bin" current
    err_has 'the throw-away server does not start: postgres ended with status 1' 'FATAL: out of luck' "$PWD/bin"
    err_lacks 'too much'
    printf '#!/bin/sh\necho no room >&2\nexit 3\n' >bin/initdb
    fails 1 --url "ephemeral:$PWD/bin" current
    err_has 'initdb ended with status 3' 'no room' "its programs are in \"$PWD/bin\"; CMIG_PG_BINDIR names another folder"
    local why='check that the user who runs cmig may execute it'
    [ "$(id -u)" -ne 0 ] || why='run by root, it runs as the user postgres, or else nobody, who must be able to execute it'
    printf '#!/no/such/shell\n' >bin/initdb
    fails 1 --url "ephemeral:$PWD/bin" current
    err_has "$why"
    CMIG_PG_BINDIR=$SERVER_BINDIR ok --url ephemeral: current
    nothing_is_left
}

#!/usr/bin/env bats
# A statement that takes long is shown: on a terminal as one line that lives, elsewhere not at once, and never with --quiet.
load helper

setup() {
    fresh_folder
    fresh_database
    project
    needs_terminal
    rev aaa '' 'CREATE TABLE a ();'
    rev bbb aaa 'SELECT pg_sleep(1.2);'
}

# What a terminal gets.
on_terminal() { TERM=xterm script -qec "$CMIG $*" /dev/null </dev/null | tr '\r' '\n'; }

@test "on a terminal the line says which revision of how many, how long, and which statement" {
    on_terminal upgrade head >shown
    cat -v shown
    grep -qF '[2 of 2] bbb: 1 s: SELECT pg_sleep(1.2);' shown
    grep -qF $'\033[K' shown # and it goes again
    [ "$(grep -c 'aaa -> bbb' shown)" -eq 1 ]
}

@test "who blocks a statement is shown there too" {
    sql 'CREATE TABLE held ()'
    rev bbb aaa 'ALTER TABLE held ADD COLUMN x int;'
    PGAPPNAME=holder "$PSQL" -XAtqd "$DB" -c 'BEGIN; LOCK TABLE held; SELECT pg_sleep(1.5);' 3>&- >/dev/null &
    HOLDER=$!
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 'held'::regclass AND granted" 1
    on_terminal upgrade head >shown
    wait "$HOLDER"
    cat -v shown
    grep -qF 'bbb: 0 s, waits for AccessExclusiveLock on held, held by pid ' shown
}

@test "in a pipe, with --quiet and on a dumb terminal nothing is drawn" {
    ok upgrade head
    err_lacks '[2 of 2]'
    ok downgrade base || :
    on_terminal --quiet upgrade head >shown
    [ ! -s shown ] || ! grep -F 'of 2]' shown
}

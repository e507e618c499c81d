#!/usr/bin/env bats
# The library: tests/api/client.c, a C99 program of somebody else's, migrates a database through include/cmig/.
load helper

setup() {
    fresh_folder
    fresh_database
    project
    chain
}

client() {
    status=0
    "$API_CLIENT" "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
    took "client $*"
}

@test "a C99 program upgrades a database, is told of each step, and reads where it is" {
    client migrate.ini "$DATABASE_URL" bbb
    same "$status" 0
    out_is "upgrade aaa: make a
upgrade bbb: make b
2 steps with $("$CMIG" --version)
at bbb"
    rows_are bbb
    tables_are 'a b'
    client migrate.ini "$DATABASE_URL" head
    same "$status" 0
    out_has '1 steps' 'at ccc (head)'
}

@test "a C99 program gets a failure as a value, with its message, state and exit status" {
    rev ddd ccc 'CREATE TABLE a ();'
    client migrate.ini "$DATABASE_URL" head
    same "$status" 1
    err_has 'relation "a" already exists' 'nothing was changed'
    untouched
}

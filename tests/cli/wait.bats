#!/usr/bin/env bats
# --wait waits for a server that is not there yet.
load helper

setup() {
    fresh_folder
    project
    rev aaa '' 'CREATE TABLE a ();'
}

@test "--wait=SECONDS gives up after so many seconds, and says once what it waited for" {
    cmig --url 'host=/nowhere' --wait=1 upgrade head
    same "$status" 1
    err_has 'waiting for the server: ' '/nowhere' ': error: '
    same "$(grep -c 'waiting for' <<<"$err")" 1
}

@test "--wait goes on when the server comes" {
    fresh_database
    local socket=$PGHOST name=.s.PGSQL.5432
    mkdir later
    start --url "host=$PWD/later dbname=$DB" --wait upgrade head
    sleep 0.8
    ln -s "$socket/$name" "later/$name"
    finish
    same "$status" 0
    err_has 'waiting for the server: ' 'upgrade <base> -> aaa'
    rows_are aaa
}

@test "--wait does not wait where the server says no" {
    cmig --url 'dbname=cmig_none' --wait upgrade head
    same "$status" 1
    err_has cmig_none 'does not exist'
    err_lacks waiting
}

@test "Ctrl-C ends --wait with 130" {
    start --url 'host=/nowhere' --wait upgrade head
    sleep 0.4
    kill -INT "$PID"
    finish
    same "$status" 130
}

@test "--wait takes whole seconds only" {
    fails 2 --wait=soon upgrade head
    err_has --wait=soon 'hint: '
}

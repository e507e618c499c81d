#!/usr/bin/env bats
# cmig current --check-heads answers with its status whether everything is applied.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# app1 <- app2, and net1 <- net2, which depends on app2.
two_lines() {
    rev app1 '' 'CREATE TABLE app1 ();' 'DROP TABLE app1;' 'branch_labels: app'
    rev app2 app1 'CREATE TABLE app2 ();' 'DROP TABLE app2;'
    rev net1 '' 'CREATE TABLE net1 ();' 'DROP TABLE net1;' 'branch_labels: net'
    rev net2 net1 'CREATE TABLE net2 ();' 'DROP TABLE net2;' 'depends_on: app2'
}

@test "current --check-heads at the head ends with 0" {
    chain
    ok upgrade head
    ok current --check-heads
    out_is 'ccc (head)'
    err_is ''
}

@test "current --check-heads below the head ends with 3, names what is missing and what to run" {
    chain
    ok upgrade bbb
    fails 3 current --check-heads
    out_is bbb
    err_has ccc 'cmig upgrade'
}

@test "current --check-heads at base ends with 3, and makes no table" {
    chain
    fails 3 current --check-heads
    err_has ccc
    untouched
}

@test "current --check-heads with no revisions ends with 0" {
    ok current --check-heads
}

@test "current --check-heads needs all heads" {
    fork
    ok upgrade bbb
    fails 3 current --check-heads
    err_has ccc
    err_lacks aaa
    ok upgrade heads
    ok current --check-heads
}

@test "current --check-heads takes a head that another row implies as applied" {
    two_lines
    ok upgrade heads
    rows_are net2
    ok current --check-heads
    out_is 'net2 (net) (head)'
}

@test "current --check-heads names only what is missing with dependencies" {
    two_lines
    ok upgrade app@head
    fails 3 current --check-heads
    err_has net2
}

@test "current --check-heads after a merge was written ends with 3" {
    fork
    ok upgrade heads
    ok merge heads --rev-id joined
    fails 3 current --check-heads
    err_has joined
}

@test "current --check-heads --json is the array, and the status says the rest" {
    chain
    ok upgrade bbb
    cmig --json current --check-heads
    same "$status" 3
    json_is "concat(jsonb_array_length(j), j->0->>'revision')" 1bbb
    ok upgrade head
    ok --json current --check-heads
    json_is "j->0->>'is_head'" true
}

@test "current --check-heads --quiet still says no" {
    chain
    cmig -q current --check-heads
    same "$status" 3
    err_has ccc
}

@test "current --check-heads takes no value" {
    chain
    ok upgrade head
    cmig current --check-heads=yes
    same "$status" 2
}

@test "current --check-heads with a row that no file has ends with 1" {
    chain
    ok upgrade head
    rm migrations/versions/ccc.sql
    fails 1 current --check-heads
    err_has '"ccc"'
}

@test "current --check-heads with no server ends with 1" {
    chain
    PGHOST=/nowhere fails 1 current --check-heads
}

@test "current prints the rows, and not what they imply" {
    two_lines
    ok upgrade heads
    ok current
    out_is 'net2 (net) (head)'
}

@test "current shows labels, and an effective head as one" {
    two_lines
    ok upgrade app@head
    ok current
    out_is 'app2 (app) (effective head)'
}

@test "current -v shows all about each row" {
    two_lines
    ok upgrade net1
    ok upgrade app1
    ok current -v
    out_has 'Rev: app1 (app)' 'Rev: net1 (net)' 'Path: migrations/versions/app1.sql' 'Branch names: net'
}

@test "current after a downgrade across a dependency has the row back" {
    two_lines
    ok upgrade heads
    ok downgrade net1
    ok current
    out_has 'app2 (app)' 'net1 (net)'
}

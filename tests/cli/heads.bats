#!/usr/bin/env bats
# cmig heads lists the revisions that nothing follows, and needs no database.
load helper

setup() {
    fresh_folder
    project
}

# app1 <- app2, and net1 <- net2, which depends on app2.
two_lines() {
    rev app1 '' 'CREATE TABLE app1 ();' 'DROP TABLE app1;' 'branch_labels: app'
    rev app2 app1 'CREATE TABLE app2 ();' 'DROP TABLE app2;' 'message: second of app'
    rev net1 '' 'CREATE TABLE net1 ();' 'DROP TABLE net1;' 'branch_labels: net'
    rev net2 net1 'CREATE TABLE net2 ();' 'DROP TABLE net2;' 'message: second of net' 'depends_on: app2'
}

@test "heads prints the one head of a chain" {
    chain
    ok heads
    out_is 'ccc (head)'
    err_is ''
}

@test "heads prints each head on a line, in the order of the files" {
    fork
    rev aa2 bbb ''
    ok heads
    out_is $'aa2 (head)\nccc (head)'
}

@test "heads prints the heads of several bases" {
    chain
    rev xxx '' ''
    ok heads
    out_is $'ccc (head)\nxxx (head)'
}

@test "heads after a merge prints the merge alone" {
    fork
    rev ddd '[bbb, ccc]' ''
    ok heads
    out_is 'ddd (head) (mergepoint)'
}

@test "heads shows the labels of the branch, which the head inherits" {
    two_lines
    ok heads
    out_has 'app2 (app)' 'net2 (net) (head)'
}

@test "a head that a revision of another branch depends on is an effective head" {
    two_lines
    ok heads
    out_is $'app2 (app) (effective head)\nnet2 (net) (head)'
}

@test "a head that is depended on by label is an effective head" {
    rev aaa '' '' '' 'branch_labels: lib'
    rev bbb '' '' '' 'depends_on: lib'
    ok heads
    out_is $'aaa (lib) (effective head)\nbbb (head)'
}

@test "a head is a plain one when only a revision below it is depended on" {
    rev aaa '' ''
    rev bbb aaa ''
    rev xxx '' '' '' 'depends_on: aaa'
    ok heads
    out_is $'bbb (head)\nxxx (head)'
}

@test "heads --resolve-dependencies leaves out what another revision depends on" {
    two_lines
    ok heads --resolve-dependencies
    out_is 'net2 (net) (head)'
}

@test "heads --resolve-dependencies without dependencies is the same as without it" {
    fork
    ok heads --resolve-dependencies
    out_is $'bbb (head)\nccc (head)'
}

@test "heads -v shows parents, dependencies, labels, path and message of each" {
    two_lines
    ok heads -v
    out_has 'Rev: app2 (app) (effective head)' 'Parent: app1' 'Branch names: app' 'Path: migrations/versions/app2.sql' \
        'second of app' 'Rev: net2 (net) (head)' 'Also depends on: app2' 'second of net'
}

@test "heads --json is an array of revisions, of which nobody asked the database" {
    two_lines
    ok --json heads
    json_is 'jsonb_array_length(j)' 2
    json_is "concat_ws(' ', j->0->>'revision', j->0->>'is_head', j->0->'branch_labels', coalesce(j->0->>'is_current', 'null'))" \
        'app2 true ["app"] null'
    json_is "concat(j->1->>'revision', j->1->'depends_on')" 'net2["app2"]'
    ok heads --json --resolve-dependencies
    json_is "concat(jsonb_array_length(j), j->0->>'revision')" 1net2
}

@test "heads with no revisions prints nothing and says so" {
    ok heads
    out_is ''
    err_has 'no revisions'
}

@test "heads --json with no revisions is an empty array" {
    ok --json heads
    out_is '[]'
    err_is ''
}

@test "heads --quiet with no revisions says nothing" {
    ok -q heads
    out_is ''
    err_is ''
}

@test "heads works with no server, whatever the database is" {
    chain
    export PGHOST=/nowhere
    ok heads
    export DATABASE_URL=postgresql://nobody@/nothing
    ok heads
    out_is 'ccc (head)'
}

@test "heads takes no argument" {
    chain
    fails 2 heads ccc
    err_has '"ccc"' 'cmig heads --help'
}

@test "heads reads all version_locations" {
    project 'version_locations = one two'
    mkdir one two
    chain
    mv migrations/versions/aaa.sql one
    mv migrations/versions/bbb.sql migrations/versions/ccc.sql two
    printf -- '-- ---\n-- revision: xxx\n-- ---\n' >one/xxx.sql
    ok heads
    out_is $'xxx (head)\nccc (head)'
}

#!/usr/bin/env bats
# cmig current prints the rows of the version table and changes nothing.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

@test "current at base prints nothing on stdout and says so on stderr" {
    chain
    ok current
    out_is ''
    err_has 'base'
    untouched
}

@test "current prints the revision, and whether it is the head" {
    chain
    ok upgrade aaa
    ok current
    out_is aaa
    err_is ''
    ok upgrade head
    ok current
    out_is 'ccc (head)'
}

@test "current prints one line for each row" {
    fork
    ok upgrade heads
    ok current
    out_is $'bbb (head)\nccc (head)'
}

@test "current after downgrade base is at base" {
    chain
    ok upgrade head
    ok downgrade base
    ok current
    out_is ''
    err_has base
}

@test "current -v shows path and message" {
    chain
    ok upgrade head
    ok current -v
    out_has 'Rev: ccc (head)' 'Parent: bbb' 'Path: migrations/versions/ccc.sql' 'make c'
}

@test "current --json is an array of revisions that are current" {
    chain
    ok upgrade bbb
    ok --json current
    json_is "concat(jsonb_array_length(j), j->0->>'revision', j->0->>'is_current', j->0->>'is_head')" '1bbbtruefalse'
}

@test "current --json at base is an empty array" {
    chain
    ok --json current
    out_is '[]'
}

@test "current --quiet at base says nothing" {
    chain
    ok -q current
    out_is ''
    err_is ''
}

@test "current changes nothing in the database" {
    chain
    ok upgrade head
    local state='SELECT string_agg(oid || relname || xmin, chr(10) ORDER BY oid) FROM pg_class' before
    before=$(sql "$state")
    ok current
    sql_is "$state" "$before"
}

@test "current works as a role that may only read the version table" {
    chain
    ok upgrade head
    fresh_role
    sql "GRANT SELECT ON cmig_version TO $ROLE"
    ok --url "postgresql://$ROLE@/$DB" current
    out_is 'ccc (head)'
}

@test "current as a role that may not read the version table fails and says so" {
    chain
    ok upgrade head
    fresh_role
    fails 1 --url "postgresql://$ROLE@/$DB" current
    err_has cmig_version 'permission denied' 'SQLSTATE: 42501'
}

@test "current names a revision that no file has, and what an older checkout should do" {
    chain
    ok upgrade head
    rm migrations/versions/ccc.sql
    fails 1 current
    out_is 'ccc (no file)'
    err_has '"ccc"' 'no file' 'hint: ' older
}

@test "current finds the version table in version_table_schema whatever the search_path is" {
    project 'version_table_schema = meta'
    sql 'CREATE SCHEMA meta'
    chain
    ok upgrade head
    export PGOPTIONS='-c search_path=pg_catalog'
    ok current
    out_is 'ccc (head)'
}

@test "current reads the table of the current schema, and no other one of that name" {
    chain
    ok upgrade head
    sql 'CREATE SCHEMA other'
    export PGOPTIONS='-c search_path=other,public'
    ok current
    out_is ''
    err_has base 'warning: ' '"other"' '"public"' version_table_schema
}

@test "a version table of another shape is an error that names it" {
    chain
    sql 'CREATE TABLE cmig_version (something int)'
    fails 1 current
    err_has 'version' 'SQLSTATE: 42703'
}

@test "version rows of which one stands on the other are an error that names both" {
    chain
    ok upgrade head
    sql "INSERT INTO cmig_version VALUES ('aaa')"
    fails 1 upgrade head
    err_has aaa ccc 'hint: '
    rows_are 'aaa ccc'
}

@test "what the url says is empty is not taken from the environment" {
    local to="host=$PGHOST dbname=$DB"
    PGHOSTADDR=127.0.0.1 PGPORT=1 fails 1 --url "$to" current
    PGHOSTADDR=127.0.0.1 ok --url "$to hostaddr=''" current
    PGOPTIONS='-c nonsense=1' fails 1 --url "$to" current
    PGOPTIONS='-c nonsense=1' ok --url "$to options=''" current
}

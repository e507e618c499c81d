#!/usr/bin/env bats
# cmig downgrade brings a database back to an earlier revision, newest first, whole or not at all.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# The chain, applied.
applied() {
    chain
    ok upgrade head
}

@test "downgrade -1 undoes the last revision and says so" {
    applied
    ok downgrade -1
    out_is ''
    [[ $err =~ ^"downgrade ccc -> bbb  make c  ("[0-9]+" ms)"$ ]]
    tables_are 'a b'
    rows_are bbb
}

@test "downgrade -2 undoes two, newest first" {
    applied
    ok downgrade -2
    rows_are aaa
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc, downgrade ccc, downgrade bbb'
}

@test "downgrade base undoes everything and keeps the log" {
    applied
    ok downgrade base
    tables_are ''
    rows_are ''
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc, downgrade ccc, downgrade bbb, downgrade aaa'
}

@test "downgrade to a revision keeps that one" {
    applied
    ok downgrade aaa
    tables_are a
    rows_are aaa
}

@test "downgrade to the start of an id" {
    rev a1b2c3 '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    rev b1b2c3 a1b2c3 'CREATE TABLE b ();' 'DROP TABLE b;'
    ok upgrade head
    ok downgrade a1
    rows_are a1b2c3
}

@test "downgrade -N as far as the first revision is base" {
    applied
    ok downgrade -3
    rows_are ''
}

@test "downgrade beyond base is an error that says how many there are" {
    applied
    fails 1 downgrade -4
    err_has '"-4"' 3 'hint: ' base
    rows_are ccc
}

@test "downgrade -1 at base is an error" {
    chain
    fails 1 downgrade -1
    err_has '"-1"' base
    untouched
}

@test "downgrade base at base has nothing to do" {
    chain
    ok downgrade base
    err_has 'nothing to do'
    untouched
}

@test "downgrade to where the database is has nothing to do" {
    applied
    ok downgrade ccc
    err_has 'nothing to do' ccc
    rows_are ccc
}

@test "downgrade to a revision that is not applied is an error that points to upgrade" {
    chain
    ok upgrade aaa
    fails 1 downgrade ccc
    err_has '"ccc"' 'not applied' 'database is at aaa' 'cmig upgrade ccc'
    rows_are aaa
}

@test "downgrade +1 is an error that points to upgrade" {
    applied
    fails 1 downgrade +1
    err_has '"+1"' 'cmig upgrade'
    rows_are ccc
}

@test "downgrade to an unknown revision is an error, and nothing is undone" {
    applied
    fails 1 downgrade nope
    err_has '"nope"' 'cmig history'
    rows_are ccc
}

@test "downgrade to an ambiguous prefix names the candidates" {
    rev ab1 '' 'SELECT 1;'
    rev ab2 ab1 'SELECT 1;'
    ok upgrade head
    fails 1 downgrade ab
    err_has ab1 ab2
    rows_are ab2
}

@test "downgrade without a target is wrong usage" {
    applied
    fails 2 downgrade
    err_has TARGET 'cmig downgrade --help'
    rows_are ccc
}

@test "down and up again gives the same database" {
    applied
    ok downgrade base
    ok upgrade head
    tables_are 'a b c'
    rows_are ccc
}

# ---------------------------------------------------------------- refused, failed

@test "a downgrade across a revision without a downgrade block is refused before anything runs" {
    applied
    { header bbb 'down_revision: aaa' && printf -- '-- cmig:upgrade\nCREATE TABLE b (id int);\n'; } | file bbb.sql
    fails 1 downgrade base
    err_has migrations/versions/bbb.sql '"bbb"' 'cannot be undone' 'hint: ' 'state: nothing was changed; the database is at ccc'
    err_lacks 'downgrade ccc'
    rows_are ccc
    tables_are 'a b c'
}

@test "a downgrade that stops above the irreversible revision runs" {
    applied
    { header bbb 'down_revision: aaa' && printf -- '-- cmig:upgrade\nCREATE TABLE b (id int);\n'; } | file bbb.sql
    ok downgrade bbb
    rows_are bbb
}

@test "an empty downgrade block is nothing to do, on purpose" {
    rev aaa '' 'CREATE TABLE a (id int);' ''
    ok upgrade head
    ok downgrade base
    rows_are ''
    tables_are a
}

@test "a failure in the last downgrade leaves everything as it was" {
    chain
    rev aaa '' 'CREATE TABLE a (id int);' 'SELECT 1;
DROP TABLE nope;'
    ok upgrade head
    fails 1 downgrade base
    err_has migrations/versions/aaa.sql:9:1 'table "nope" does not exist' 'revision: aaa' 'SQLSTATE: 42P01' 'state: nothing was changed; the database is at ccc'
    tables_are 'a b c'
    rows_are ccc
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc'
}

@test "transaction_per_migration keeps the downgrades before the failure" {
    project 'transaction_per_migration = true'
    chain
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE nope;'
    ok upgrade head
    fails 1 downgrade base
    err_has 'state: 2 revisions are committed' 'the database is at aaa'
    tables_are a
    rows_are aaa
}

@test "transaction: false lets DROP INDEX CONCURRENTLY run" {
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE a;'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY a_id ON a (id);' 'DROP INDEX CONCURRENTLY a_id;' 'transaction: false'
    ok upgrade head
    ok downgrade -1
    sql_is "SELECT to_regclass('a_id') IS NULL" t
    rows_are aaa
}

@test "COMMIT in a downgrade block is refused before anything runs" {
    chain
    rev bbb aaa 'CREATE TABLE b (id int);' 'DROP TABLE b;
COMMIT;'
    ok upgrade head
    fails 1 downgrade base
    err_has bbb.sql:9:1 COMMIT 'hint: '
    rows_are ccc
}

@test "an error in a downgrade block does not stand in the way of an upgrade of another revision" {
    chain
    ok upgrade head
    ok downgrade bbb
    ok upgrade head
    rows_are ccc
}

# ---------------------------------------------------------------- branches

@test "downgrade of a merge leaves a row for each branch" {
    fork
    rev ddd '[bbb, ccc]' 'SELECT 1;' 'SELECT 1;'
    ok upgrade head
    ok downgrade bbb
    rows_are 'bbb ccc'
    tables_are 'a b c'
}

@test "downgrade across a merge undoes both branches before their fork" {
    fork
    rev ddd '[bbb, ccc]' 'SELECT 1;' 'SELECT 1;'
    ok upgrade head
    ok downgrade aaa
    rows_are aaa
    tables_are a
    ok downgrade base
    tables_are ''
}

@test "downgrade -1 at a merge is an error that names both ways" {
    fork
    rev ddd '[bbb, ccc]' 'SELECT 1;' 'SELECT 1;'
    ok upgrade head
    fails 1 downgrade -1
    err_has '"-1"' bbb ccc 'hint: '
    rows_are ddd
}

@test "downgrade -1 with two heads applied is an error that names both" {
    fork
    ok upgrade heads
    fails 1 downgrade -1
    err_has '"-1"' bbb ccc
    rows_are 'bbb ccc'
}

@test "downgrade base with two heads applied undoes both" {
    fork
    ok upgrade heads
    ok downgrade base
    rows_are ''
    tables_are ''
}

@test "downgrade to base undoes what depends_on needs after what needs it" {
    rev zzz '' 'CREATE TABLE z (id int PRIMARY KEY);' 'DROP TABLE z;'
    rev aaa '' 'CREATE TABLE a (id int REFERENCES z);' 'DROP TABLE a;' 'depends_on: zzz'
    ok upgrade heads
    ok downgrade base
    log_is 'upgrade zzz, upgrade aaa, downgrade aaa, downgrade zzz'
    rows_are ''
}

# ---------------------------------------------------------------- the rest

@test "a version table that names an unknown revision is an error, and nothing is undone" {
    applied
    rm migrations/versions/ccc.sql
    fails 1 downgrade base
    err_has '"ccc"' 'hint: ' older
    tables_are 'a b c'
    rows_are ccc
}

@test "downgrade --quiet tells nothing" {
    applied
    ok -q downgrade base
    out_is ''
    err_is ''
}

@test "NOTICEs of a downgrade are shown with their revision" {
    rev aaa '' 'SELECT 1;' 'DROP TABLE IF EXISTS nothing;'
    ok upgrade head
    ok downgrade base
    err_has 'NOTICE in aaa: table "nothing" does not exist'
}

@test "two downgrades at once both succeed, and each revision is undone once" {
    rev aaa '' 'CREATE TABLE a (id int);' 'SELECT pg_advisory_xact_lock(1); DROP TABLE a;'
    rev bbb aaa 'CREATE TABLE b (id int);' 'DROP TABLE b;'
    ok upgrade head
    hold
    start_two downgrade base
    release
    both_end_well
    rows_are ''
    log_is 'upgrade aaa, upgrade bbb, downgrade bbb, downgrade aaa'
}

@test "downgrade to a revision that is applied only as a dependency reverts nothing and names what depends on it" {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    rev zzz '' 'CREATE TABLE z ();' 'DROP TABLE z;' 'depends_on: aaa'
    ok upgrade zzz
    ok downgrade aaa
    err_has 'nothing above aaa is applied' 'depend on it: zzz'
    ok current
    out_is 'zzz (head)'
}

@test "downgrade LABEL@ID of a revision outside the branch is refused, even if it is applied as a dependency" {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    rev zzz '' 'CREATE TABLE z ();' 'DROP TABLE z;' 'branch_labels: lib' 'depends_on: aaa'
    ok upgrade zzz
    fails 1 downgrade lib@aaa
    err_has 'revision "aaa" is not on the branch "lib"'
}

#!/usr/bin/env bats
# cmig status holds the files against the database; upgrade heeds what it would show.
load helper

setup() {
    fresh_folder
    fresh_database
    project
    chain
}

edit() { sed -i "$2" "migrations/versions/$1.sql"; }

@test "status of a new database: all is pending, and nothing is made" {
    ok status
    out_is 'current: base, with nothing applied
pending: 3, run: cmig upgrade heads
    aaa  make a
    bbb  make b
    ccc  make c'
    untouched
}

@test "status of an up-to-date database" {
    ok upgrade head
    ok status
    out_is 'current: ccc (head)
pending: none'
}

@test "an edit of comments and spaces is a note, and no decision" {
    ok upgrade bbb
    edit aaa 's,CREATE TABLE a,CREATE /* of */   TABLE a,'
    ok status
    out_has 'edited: 1' 'aaa  only in comments and spaces'
    ok upgrade head
    err_has 'note: the comments of revision aaa were edited since it was applied'
    rows_are ccc
}

@test "a real edit stops the upgrade, pending or not; status -v shows it against what ran; --allow-edited goes on" {
    ok upgrade bbb
    edit aaa 's/id int/id bigint/'
    cmig status -v
    same "$status" 3
    out_has 'edited: 1' 'aaa  in its statements' '-CREATE TABLE a (id int);' '+CREATE TABLE a (id bigint);'
    fails 1 upgrade head
    err_has 'aaa.sql: error: a revision was edited since it was applied: aaa' '--allow-edited' 'cmig status -v'
    rows_are bbb
    ok upgrade head --allow-edited
    rows_are ccc
    fails 1 upgrade head
    ok downgrade base
    ok upgrade head
}

@test "an edit of the header or of the downgrade block is none" {
    ok upgrade head
    edit aaa 's/make a/made a/; s/DROP TABLE a/DROP TABLE IF EXISTS a/'
    ok status
    out_lacks edited
    ok upgrade head
    err_lacks note
}

@test "of a large file too, an edit is seen" {
    rev ddd ccc "CREATE TABLE d (t text); -- $(printf '%01200000d' 1)"$'\nSELECT 1;' 'DROP TABLE d;'
    ok upgrade head
    ok status
    out_lacks edited
    edit ddd 's/SELECT 1/SELECT 2/'
    fails 3 status -v
    out_has 'ddd  in its statements' 'the log has kept no text'
}

@test "a revision that is stamped, or applied by Alembic, has nothing to be held against" {
    ok stamp bbb
    edit aaa 's/id int/id bigint/'
    ok status
    ok upgrade head
    rows_are ccc
}

@test "late: pending, and written before something that is applied already" {
    rm migrations/versions/*
    rev aaa '' '' '' 'create_date: 2026-01-01 00:00:00+00:00'
    rev new aaa '' '' 'create_date: 2026-03-01 00:00:00+00:00'
    ok upgrade head
    rev old aaa '' '' 'create_date: 2026-02-28 23:59:59-01:00'
    ok status
    out_lacks late
    rev old aaa '' '' 'create_date: 2026-02-28 23:59:59+01:00'
    fails 3 status
    out_has 'late: 1' '    old'
    ok upgrade heads
    ok status
}

@test "skipped: a file put between two that had run" {
    ok upgrade head
    edit ccc 's/down_revision: bbb/down_revision: mid/'
    rev mid bbb 'CREATE TABLE mid ();' ''
    fails 3 status
    out_has 'skipped: 1' '    mid'
    ok upgrade head
    ok stamp ccc
}

@test "a database ahead of the files: upgrade says so and ends well, status asks for a decision" {
    rev ddd ccc 'CREATE TABLE d ();' 'DROP TABLE d;'
    ok upgrade head
    rm migrations/versions/ddd.sql
    ok upgrade head
    err_has 'note: the database is ahead of the files here: ddd is applied' 'nothing to do: every revision that has a file here is applied'
    fails 3 status
    out_has 'current: ddd (no file)' 'missing: 1' 'pending: none'
    rows_are ddd
    rev eee ccc 'CREATE TABLE e ();' ''
    fails 1 upgrade head
    err_has '"ddd"' 'no file here'
    tables_are 'a b c d'
}

@test "without a log nobody knows whether the database is ahead" {
    project 'log_table ='
    ok upgrade head
    rm migrations/versions/ccc.sql
    fails 1 upgrade head
    err_has '"ccc"' 'no file here'
}

@test "downgrade --from-log runs the text that the log has kept, over several revisions without a file" {
    rev ddd ccc 'CREATE TABLE d ();' 'DROP TABLE d;' 'message: make d'
    rev eee ddd 'CREATE INDEX CONCURRENTLY e ON c (id);' 'DROP INDEX CONCURRENTLY e;' 'transaction: false'
    ok upgrade head
    rm migrations/versions/ddd.sql migrations/versions/eee.sql
    fails 1 downgrade bbb
    err_has '--from-log'
    ok downgrade --from-log bbb
    err_has 'downgrade eee -> ddd' 'downgrade ddd -> ccc  make d' 'downgrade ccc -> bbb'
    rows_are bbb
    tables_are 'a b'
    ok upgrade head
    rows_are ccc
}

@test "an error in a text from the log shows its line" {
    rev ddd ccc 'CREATE TABLE d ();' $'\nDROP TABLE nope;'
    ok upgrade head
    rm migrations/versions/ddd.sql
    fails 1 downgrade --from-log -1
    err_has '(log of ddd):9:1:' '9 | DROP TABLE nope;' 'the database is at ddd'
}

@test "of two projects that share a log, neither is held against the other's rows" {
    ok upgrade head
    project 'version_table = other_version'
    rm migrations/versions/*
    rev aaa '' 'CREATE TABLE other ();' 'DROP TABLE other;'
    ok status
    ok upgrade head
    ok log
    same "$(wc -l <<<"$out")" 1
    sql_is 'SELECT count(*) FROM cmig_log' 4
}

@test "a row that neither a file nor the log knows is no database ahead" {
    ok upgrade head
    sql "INSERT INTO cmig_version VALUES ('feedfacecafe')"
    fails 1 upgrade head
    err_has '"feedfacecafe"'
}

@test "--json gives all of it as one document" {
    ok upgrade bbb
    edit aaa 's/id int/id bigint/'
    fails 3 --json status
    sql_is "SELECT j->'current'->0->>'revision', j->'pending'->0->>'revision', j->'edited'->0->'revision'->>'revision',
                   j->'edited'->0->>'comments_only', j->'edited'->0->>'diff' LIKE '%+CREATE TABLE a (id bigint);%', j->>'needs_decision'
              FROM (SELECT \$json\$$out\$json\$::jsonb AS j) x" 'bbb|ccc|aaa|false|t|true'
}

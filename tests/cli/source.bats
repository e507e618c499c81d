#!/usr/bin/env bats
# The schema source: a file, or a folder of files that refer to each other in any order.
load helper

setup() {
    fresh_folder
    fresh_database
    project 'schema = schema'
    mkdir schema
}

# write FILE STATEMENT...
write() {
    mkdir -p "$(dirname "schema/$1")"
    printf '%s\n' "${@:2}" >"schema/$1"
}

@test "a file of a subfolder may need one of the folder above, whatever their names" {
    write 10.sql 'CREATE TABLE a (id int PRIMARY KEY);'
    write sub/b.sql 'CREATE TABLE b (a_id int REFERENCES a);'
    write 00/deep/c.sql 'CREATE VIEW c AS SELECT a_id FROM b;'
    ok diff --summary
    out_has 'create table public.a' 'create table public.b' 'create view public.c'
}

@test "folders may need each other in both directions" {
    write a/1.sql 'CREATE TABLE a1 (id int REFERENCES b1);'
    write a/2.sql 'CREATE TABLE a2 (id int PRIMARY KEY);'
    write b/1.sql 'CREATE TABLE b1 (id int PRIMARY KEY);'
    write b/2.sql 'CREATE TABLE b2 (id int REFERENCES a2);'
    ok diff --summary
    out_has public.a1 public.a2 public.b1 public.b2
}

@test "a long chain in the wrong order is loaded" {
    local i
    for i in {10..60}; do write "$i.sql" "CREATE VIEW v$i AS SELECT * FROM v$((i + 1));"; done
    write 99.sql 'CREATE VIEW v61 AS SELECT 1 AS a;'
    ok diff --summary
    out_has 'create view public.v10' 'create view public.v61'
}

@test "a mistake is reported in its own file, and not in one that needs it" {
    write 10.sql 'CREATE TABLE a (id int, CREATE);'
    write sub/b.sql 'CREATE TABLE b (a_id int REFERENCES a);'
    fails 1 diff
    err_has 'schema/10.sql:1:25' 'syntax error'
    err_lacks b.sql
}

@test "a name that no file creates is reported where it is used, and not where its file is needed" {
    write a/user.sql 'CREATE VIEW v AS SELECT f(id) FROM app.base;'
    write b/function.sql 'CREATE FUNCTION f(int) RETURNS money2 LANGUAGE sql AS $$ SELECT 1 $$;'
    write c/schema.sql 'CREATE SCHEMA IF NOT EXISTS "app";' 'CREATE TABLE app.base (id integr);'
    write 0.sql 'CREATE TABLE t (m "v");'
    fails 1 diff
    err_has 'b/function.sql:1' 'money2'
    write b/function.sql 'CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;'
    fails 1 diff
    err_has 'c/schema.sql:2:27' 'integr'
}

@test "files that need each other in a circle are refused with one of their errors" {
    write a.sql 'CREATE VIEW a AS SELECT * FROM b;'
    write b.sql 'CREATE VIEW b AS SELECT * FROM a;'
    fails 1 diff
    err_has 'schema/a.sql:1:32' 'relation "b" does not exist'
}

@test "settings, a role and temporary tables of one file do not reach the next" {
    fresh_role
    sql "GRANT $ROLE TO current_user"
    write 1.sql "SELECT pg_catalog.set_config('search_path', '', false);" 'CREATE TABLE public.a (id int);' \
        "CREATE TEMP TABLE work (id int);" "SET ROLE $ROLE;"
    write 2.sql 'CREATE TABLE b (id int);' 'CREATE TABLE work (id int);'
    ok diff --summary
    out_is "$(printf 'create table public.%s\n' a b work)"
}

@test "a file with a statement that cannot run in a transaction may need a later file" {
    write 1.sql 'CREATE TABLE x (id int);' 'CREATE INDEX CONCURRENTLY a_id ON a (id);'
    write 2.sql 'CREATE TABLE a (id int);'
    write 3.sql 'CREATE TABLE y (id int);' 'CREATE INDEX CONCURRENTLY y_id ON y (id);'
    write 4.sql 'CREATE VIEW z AS SELECT x.id FROM y, x;'
    ok diff --summary
    out_has public.x public.a_id public.y_id public.z
    write 2.sql 'CREATE TABLE a (nr int);'
    fails 1 diff
    err_has 'schema/1.sql:2:1' 'column "id" does not exist'
}

@test "a name ending in .sql that is no text is refused before anything is loaded" {
    write a.sql 'CREATE TABLE a (id int);'
    printf 'CREATE TABLE b (x text DEFAULT \047\xff\047);\n' >schema/b.sql
    fails 1 diff
    err_has 'schema/b.sql:1:33' 'invalid UTF-8'
}

@test "files that need each other are named, and the hint works" {
    write a.sql 'CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES b);'
    write b.sql 'CREATE TABLE b (id int PRIMARY KEY, c_id int REFERENCES c);'
    write c.sql 'CREATE TABLE c (id int PRIMARY KEY, a_id int REFERENCES a);'
    write d.sql 'CREATE VIEW d AS SELECT id FROM a;'
    fails 1 diff
    err_has 'relation "b" does not exist' 'these files need each other, so that no order works: schema/a.sql, schema/b.sql, schema/c.sql;' \
        'move a statement, such as ALTER TABLE ... ADD FOREIGN KEY, to a file of its own'
    write c.sql 'CREATE TABLE c (id int PRIMARY KEY, a_id int);'
    write c_a.sql 'ALTER TABLE c ADD FOREIGN KEY (a_id) REFERENCES a;'
    ok diff --summary
    out_has public.a public.b public.c public.d
    write b.sql 'CREATE TABLE b (id int PRIMARY KEY, c_id int REFERENCES missing);'
    fails 1 diff
    err_has 'relation "missing" does not exist' schema/b.sql:1
    err_lacks 'need each other'
}

@test "a subfolder that cannot be examined is an error, and is not left out" {
    write a.sql 'CREATE TABLE a (id int);'
    write sub/b.sql 'CREATE TABLE b (id int);'
    chmod 644 schema
    cmig_as_nobody check
    chmod 755 schema
    same "$status" 1
    err_has 'Permission denied'
}

@test "check fails if its answer cannot be written" {
    [ -e /dev/full ] || skip 'no /dev/full'
    write a.sql 'CREATE TABLE a (id int);'
    status=0
    "$CMIG" check >/dev/full 2>"$BATS_TEST_TMPDIR/err" || status=$?
    same "$status" 1
    has "$(cat "$BATS_TEST_TMPDIR/err")" 'cannot write to standard output'
}

@test "the shadow database is dropped if the session that created it is lost, and no other session ends" {
    local creator="application_name = 'cmig shadow' AND datname = '$DB'"
    hold
    write a.sql 'SELECT pg_sleep(60);'
    start diff
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND datname LIKE 'cmig_shadow_%'" 1
    same "$(sql "SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE $creator")" t
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE $creator" 0
    sql "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'cmig_shadow_%'"
    finish
    same "$status" 1
    err_has 'canceling statement'
    sql_is "SELECT count(*) FROM pg_database WHERE datname LIKE 'cmig_shadow_%'" 0
    sql_is "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted" 1
    release
}

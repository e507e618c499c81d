#!/usr/bin/env bats
# The schema public: a new database has one, and a schema source that does not mention it asks for nothing there.
load helper

setup() {
    fresh_folder
    fresh_database
    project 'schema = schema.sql'
    echo 'CREATE TABLE t (a int);' >schema.sql
    rev aaa '' 'CREATE TABLE t (a int);' 'DROP TABLE t;'
}

# Drops public and creates it again, as people reset a development database; the table and the tables of cmig are there.
reset_public() { sql "DROP SCHEMA public CASCADE; CREATE SCHEMA public${1:-}; CREATE TABLE t (a int)"; }

nothing_differs() {
    ok check --with-privileges
    ok check
    ok drift --with-privileges
    err_has 'nothing differs'
    ok diff --with-privileges --from schema --to database
    err_has 'nothing differs'
    ok diff --with-privileges --from "$DATABASE_URL" --to revisions
    err_has 'nothing differs'
}

@test "as it is in a new database, and when it was dropped and created again" {
    sql 'CREATE TABLE t (a int)'
    nothing_differs
    reset_public
    nothing_differs
}

@test "when it was created again for another owner" {
    fresh_role
    reset_public " AUTHORIZATION $ROLE"
    nothing_differs
}

@test "when it was dropped, and the schema source has no use for it" {
    project 'schema = schema.sql' 'version_table_schema = app'
    sql 'CREATE SCHEMA app; CREATE TABLE app.t (a int); DROP SCHEMA public'
    echo 'CREATE SCHEMA app; CREATE TABLE app.t (a int);' >schema.sql
    ok check --with-privileges
    ok diff --from schema --to database
    err_has 'nothing differs'
    echo 'CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;' >>schema.sql
    fails 3 check
    out_has 'create schema public' 'create function public.f()'
}

@test "what somebody has added to it counts" {
    fresh_role
    sql "CREATE TABLE t (a int); COMMENT ON SCHEMA public IS 'ours'; GRANT CREATE ON SCHEMA public TO $ROLE"
    ok diff
    out_is "COMMENT ON SCHEMA public IS 'standard public schema';"
    ok diff --with-privileges --from schema --to database
    out_has "COMMENT ON SCHEMA public IS 'ours';" "GRANT CREATE ON SCHEMA public TO $ROLE;"
    ok diff --with-privileges
    out_has "REVOKE ALL ON SCHEMA public FROM $ROLE"
}

@test "what the schema source says of it counts" {
    sql 'CREATE TABLE t (a int)'
    echo "COMMENT ON SCHEMA public IS 'ours'; REVOKE ALL ON SCHEMA public FROM PUBLIC;" >>schema.sql
    ok diff --with-privileges
    out_has "COMMENT ON SCHEMA public IS 'ours';" 'REVOKE ALL ON SCHEMA public FROM PUBLIC;'
    sql "REVOKE ALL ON SCHEMA public FROM PUBLIC; COMMENT ON SCHEMA public IS 'ours'"
    ok check --with-privileges
    echo 'DROP SCHEMA public CASCADE; CREATE SCHEMA app; CREATE TABLE app.t (a int);' >schema.sql
    ok diff --summary
    out_has 'drop schema public'
}

@test "a replaced type, when public was created again" {
    reset_public
    sql "CREATE TYPE mood AS ENUM ('a', 'b', 'c'); ALTER TABLE t ADD m mood; INSERT INTO t VALUES (1, 'b')"
    echo "CREATE TYPE mood AS ENUM ('b', 'a'); CREATE TABLE t (a int, m mood);" >schema.sql
    ok diff
    lacks "$out" 'SCHEMA public'
    sql "$out"
    ok check
    sql_is 'TABLE t' '1|b'
}

@test "databases are compared whatever the schema public went through" {
    reset_public
    ok diff --from "$DATABASE_URL" --to schema.sql
    err_has 'nothing differs'
    ok dump
    out_has 'COMMENT ON SCHEMA public IS NULL'
    echo "$out" >dump.sql
    sql "COMMENT ON SCHEMA public IS 'standard public schema'"
    ok diff --from "$DATABASE_URL" --to dump.sql
    err_has 'nothing differs'
}

@test "a dump with privileges gives public the grants that it has" {
    reset_public
    ok dump --with-privileges
    out_has 'REVOKE ALL ON SCHEMA public FROM PUBLIC;' 'ALTER SCHEMA public OWNER TO'
    echo "$out" >dump.sql
    ok diff --with-privileges --from dump.sql --to database
    err_has 'nothing differs'
    sql 'GRANT CREATE ON SCHEMA public TO PUBLIC'
    ok dump --with-privileges
    echo "$out" >dump.sql
    ok diff --with-privileges --from dump.sql --to database
    err_has 'nothing differs'
}

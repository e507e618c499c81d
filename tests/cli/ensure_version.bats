#!/usr/bin/env bats
# cmig ensure-version makes the version table and the log table, and runs nothing.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# The columns, defaults and constraints of both tables.
shape() {
    sql "SELECT string_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, is_identity), chr(10)
                           ORDER BY table_name, ordinal_position)
           FROM information_schema.columns WHERE table_name LIKE 'cmig%'"
    sql "SELECT string_agg(concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)), chr(10) ORDER BY conname, conrelid)
           FROM pg_constraint WHERE conrelid::regclass::text LIKE 'cmig%'"
}

@test "ensure-version makes both tables, empty, and runs no revision" {
    chain
    ok ensure-version
    out_is ''
    rows_are ''
    log_is ''
    tables_are ''
}

@test "ensure-version is spelled with an underscore too" {
    ok ensure_version
    rows_are ''
}

@test "ensure-version twice changes nothing the second time" {
    chain
    ok ensure-version
    ok upgrade aaa
    ok ensure-version
    rows_are aaa
    log_is 'upgrade aaa'
}

@test "ensure-version makes the tables that the first upgrade would make" {
    local made
    chain
    ok ensure-version
    made=$(shape)
    sql 'DROP TABLE cmig_version, cmig_log'
    ok upgrade head
    same "$(shape)" "$made"
}

@test "ensure-version makes the one table that is missing" {
    ok ensure-version
    sql 'DROP TABLE cmig_log'
    ok ensure-version
    log_is ''
    sql 'DROP TABLE cmig_version'
    ok ensure-version
    rows_are ''
}

@test "ensure-version without a log makes the version table alone" {
    project 'log_table ='
    ok ensure-version
    rows_are ''
    sql_is "SELECT to_regclass('cmig_log') IS NULL" t
}

@test "ensure-version uses version_table and version_table_schema" {
    project 'version_table = "my table"' 'version_table_schema = meta'
    sql 'CREATE SCHEMA meta'
    ok ensure-version
    sql_is "SELECT count(*) FROM pg_class WHERE relnamespace = 'meta'::regnamespace AND relkind = 'r'" 2
}

@test "ensure-version in a schema that is not there fails and names it" {
    project 'version_table_schema = meta'
    fails 1 ensure-version
    err_has meta
    untouched
}

@test "ensure-version needs no revision files" {
    ok ensure-version
    rows_are ''
}

@test "ensure-version --sql prints a script that makes the same tables" {
    local made
    ok ensure-version
    made=$(shape)
    sql 'DROP TABLE cmig_version, cmig_log'
    PGHOST=/nowhere ok ensure-version --sql
    printf '%s\n' "$out" >script.sql
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    same "$(shape)" "$made"
    rows_are ''
}

@test "the script of ensure-version --sql may run again, on any state" {
    chain
    ok ensure-version --sql
    printf '%s\n' "$out" >script.sql
    ok upgrade bbb
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    rows_are bbb
}

@test "ensure-version with no server fails and says where it looked" {
    PGHOST=/nowhere fails 1 ensure-version
    err_has /nowhere
}

@test "ensure-version takes no argument" {
    fails 2 ensure-version head
    err_has '"head"'
    untouched
}

#!/usr/bin/env bats
# cmig -c alembic.ini -n alembic, on a database whose version table is Alembic's.
load helper

setup() {
    fresh_folder
    fresh_database
    mkdir -p migrations/versions
    alembic_ini
}

# As `alembic init` writes it, with the lines given.
alembic_ini() {
    printf '%s\n' '[alembic]' 'script_location = %(here)s/migrations' 'prepend_sys_path = .' 'path_separator = os' \
        "sqlalchemy.url = postgresql+psycopg2:///$DB" "$@" '[loggers]' 'keys = root' >alembic.ini
}

# The table as Alembic makes it, with rows.
alembic_table() {
    local id
    sql 'CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
                                       CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))'
    for id in "$@"; do sql "INSERT INTO alembic_version VALUES ('$id')"; done
}

rows_are() { sql_is "SELECT coalesce(string_agg(version_num, ' ' ORDER BY version_num), '') FROM alembic_version" "$1"; }

a() { ok -c alembic.ini -n alembic "$@"; }

# app1 <- app2, and net1 <- net2, which depends on app2.
two_lines() {
    rev app1 '' 'CREATE TABLE app1 ();' 'DROP TABLE app1;' 'branch_labels: app'
    rev app2 app1 'CREATE TABLE app2 ();' 'DROP TABLE app2;'
    rev net1 '' 'CREATE TABLE net1 ();' 'DROP TABLE net1;' 'branch_labels: net'
    rev net2 net1 'CREATE TABLE net2 ();' 'DROP TABLE net2;' 'depends_on: app2'
}

@test "current reads Alembic's rows, and warns of nothing" {
    chain
    alembic_table bbb
    a current
    out_is bbb
    err_is ''
}

@test "upgrade goes on from Alembic's row" {
    chain
    alembic_table aaa
    a upgrade head
    rows_are ccc
    sql_is "SELECT to_regclass('a') IS NULL AND to_regclass('c') IS NOT NULL" t
}

@test "downgrade goes back from Alembic's row" {
    chain
    sql 'CREATE TABLE c (id int); CREATE TABLE b (id int)'
    alembic_table ccc
    a downgrade aaa
    rows_are aaa
    sql_is "SELECT to_regclass('b') IS NULL AND to_regclass('c') IS NULL" t
}

@test "stamp writes Alembic's table" {
    chain
    alembic_table aaa
    a stamp head
    rows_are ccc
}

@test "the table stays as Alembic made it" {
    local shape="SELECT format_type(atttypid, atttypmod) || attnotnull || (SELECT conname FROM pg_constraint WHERE conrelid = attrelid AND $NO_NOT_NULL)
             FROM pg_attribute WHERE attrelid = 'alembic_version'::regclass AND attnum > 0"
    chain
    alembic_table aaa
    a upgrade head
    a downgrade aaa
    sql_is "$shape" 'character varying(32)truealembic_version_pkc'
    rows_are aaa
}

@test "downgrade to base keeps the empty table" {
    chain
    a upgrade head
    a downgrade base
    rows_are ''
}

@test "the default version table of the section alembic is alembic_version, made as Alembic's is named" {
    chain
    a upgrade head
    rows_are ccc
    sql_is "SELECT conname FROM pg_constraint WHERE conrelid = 'alembic_version'::regclass AND contype = 'p'" alembic_version_pkc
    sql_is "SELECT to_regclass('cmig_version') IS NULL" t
}

@test "a version_table that the section sets is the one" {
    alembic_ini 'version_table = versions_of_app'
    chain
    a upgrade head
    sql_is 'SELECT version_num FROM versions_of_app' ccc
    sql_is "SELECT to_regclass('alembic_version') IS NULL" t
}

@test "version_table = alembic_version in the section cmig is the same table" {
    chain
    alembic_table bbb
    ini 'script_location = migrations' 'url = ${DATABASE_URL}' 'version_table = alembic_version'
    ok upgrade head
    rows_are ccc
}

@test "version_table_schema holds for Alembic's table" {
    alembic_ini 'version_table_schema = meta'
    sql 'CREATE SCHEMA meta'
    chain
    a upgrade head
    sql_is 'SELECT version_num FROM meta.alembic_version' ccc
}

@test "cmig and Alembic in turns leave the rows that Alembic leaves" {
    two_lines
    alembic_table
    a upgrade app2
    rows_are app2
    a upgrade net1
    rows_are 'app2 net1'
    a upgrade heads
    rows_are net2
    a downgrade net1
    rows_are 'app2 net1'
    sql "DELETE FROM alembic_version WHERE version_num = 'net1'; UPDATE alembic_version SET version_num = 'app1'"
    sql 'DROP TABLE app2, net1'
    a upgrade heads
    rows_are net2
    a downgrade base
    rows_are ''
}

@test "the rows of a merge are Alembic's" {
    fork
    rev ddd '[bbb, ccc]' ''
    alembic_table
    a upgrade heads
    rows_are ddd
    a downgrade bbb
    rows_are 'bbb ccc'
    a downgrade base
    rows_are ''
}

@test "an id that is too long for Alembic's table is an error that says so, and nothing is changed" {
    local id=a_revision_whose_id_is_far_longer_than_32
    rev "$id" '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    alembic_table
    fails 1 -c alembic.ini -n alembic upgrade head
    err_has "$id" 'nothing was changed'
    rows_are ''
    sql_is "SELECT to_regclass('a') IS NULL" t
}

@test "an id that is too long for Alembic's table cannot be stamped" {
    rev a_revision_whose_id_is_far_longer_than_32 '' ''
    alembic_table
    fails 1 -c alembic.ini -n alembic stamp head
    rows_are ''
}

@test "a row of Alembic that no file has is an error, and nothing is changed" {
    chain
    alembic_table 1975ea83b712
    fails 1 -c alembic.ini -n alembic upgrade head
    err_has 1975ea83b712
    rows_are 1975ea83b712
}

@test "a script works on Alembic's table" {
    chain
    alembic_table aaa
    a upgrade --sql current:head
    printf '%s\n' "$out" >script.sql
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    rows_are ccc
    a stamp --sql ccc:aaa
    printf '%s\n' "$out" >script.sql
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    rows_are aaa
}

@test "a script from base makes the table that Alembic would use" {
    chain
    a upgrade --sql head
    printf '%s\n' "$out" >script.sql
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    rows_are ccc
}

@test "ensure-version makes Alembic's table" {
    a ensure-version
    rows_are ''
}

@test "the log is beside Alembic's table, and log_table = turns it off" {
    chain
    alembic_table
    a upgrade aaa
    log_is 'upgrade aaa'
    sql 'DROP TABLE cmig_log'
    alembic_ini 'log_table ='
    a upgrade head
    sql_is "SELECT to_regclass('cmig_log') IS NULL" t
    rows_are ccc
}

@test "Alembic's hooks and file_template are read from its file" {
    alembic_ini 'file_template = %%(year)d_%%(rev)s_%%(slug)s'
    printf '%s\n' '[post_write_hooks]' 'hooks = mode' 'mode.type = exec' 'mode.executable = chmod' \
        'mode.options = 600 REVISION_SCRIPT_FILENAME' >>alembic.ini
    a revision -m new --rev-id aaa
    [[ $out == *migrations/versions/20??_aaa_new.sql ]]
    same "$(find migrations/versions -perm 600 | wc -l | tr -d ' ')" 1
}

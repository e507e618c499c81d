#!/usr/bin/env bats
# What a hint says to type works when it is typed.
load helper

setup() {
    fresh_folder
    fresh_database
    project 'lock_retries = 0'
}

# The SQL of "as an administrator: ...", up to a "; or".
granted() {
    local typed
    typed=$(hint)
    typed=${typed#*as an administrator: }
    sql "${typed%%; or *}"
}

as_role() { cmig --url "postgresql://$ROLE@/$DB" "$@"; }
as_role_fails() {
    as_role "$@"
    same "$status" 1
    err_has 'permission denied'
}
as_role_ok() {
    as_role "$@"
    same "$status" 0
}

@test "privileges: on a schema, on both tables, with quotes in every name; reading asks for reading only" {
    sql 'CREATE SCHEMA "the ""s"""'
    project 'version_table_schema = the "s"' 'version_table = v"t' 'log_table = l"t'
    chain
    ok upgrade aaa
    fresh_role
    as_role_fails current
    same "$(hint)" "as an administrator: GRANT USAGE ON SCHEMA \"the \"\"s\"\"\" TO \"$ROLE\"; GRANT SELECT ON \"the \"\"s\"\"\".\"v\"\"t\" TO \"$ROLE\""
    granted
    as_role_ok current
    as_role_fails status
    same "$(hint)" "as an administrator: GRANT SELECT ON \"the \"\"s\"\"\".\"l\"\"t\" TO \"$ROLE\""
    granted
    as_role status
    out_has 'current: aaa'
    as_role_fails stamp bbb
    err_has 'INSERT, UPDATE, DELETE ON "the ""s"""."v""t"'
    granted
    as_role_fails stamp bbb
    err_has 'SELECT, INSERT ON "the ""s"""."l""t"'
    granted
    as_role_ok stamp bbb
    sql "DROP OWNED BY $ROLE"
}

@test "privileges: to create the tables, and the record of a non-transactional revision" {
    rev aaa '' 'SELECT 1;'
    rev bbb aaa 'VACUUM;' '' 'transaction: false'
    fresh_role
    sql 'CREATE SCHEMA closed'
    project 'version_table_schema = closed'
    as_role_fails upgrade aaa
    same "$(hint)" "as an administrator: GRANT USAGE, CREATE ON SCHEMA \"closed\" TO \"$ROLE\"; or set version_table_schema to a schema in which this user may create tables"
    granted
    as_role_ok upgrade aaa
    sql "REVOKE CREATE ON SCHEMA closed FROM $ROLE"
    as_role_fails upgrade head
    has "$(hint)" 'to record the statements of a non-transactional revision, as an administrator: ' "GRANT CREATE ON SCHEMA \"closed\" TO \"$ROLE\""
    granted
    as_role_ok upgrade head
    sql "DROP OWNED BY $ROLE"
}

@test "a schema that does not exist" {
    project 'version_table_schema = a "b"'
    chain
    fails 1 upgrade head
    err_has 'CREATE SCHEMA "a ""b""", or change version_table_schema'
    sql 'CREATE SCHEMA "a ""b"""'
    ok upgrade head
}

@test "row-level security hides no version row, and is lifted as the hint says" {
    chain
    ok upgrade aaa
    fresh_role
    sql "ALTER TABLE cmig_version OWNER TO $ROLE; ALTER TABLE cmig_version ENABLE ROW LEVEL SECURITY; ALTER TABLE cmig_version FORCE ROW LEVEL SECURITY"
    as_role current
    same "$status" 1
    err_has 'row-level security hides the rows of the version table'
    typed=$(hint)
    has "$typed" 'as its owner: ALTER TABLE ' ' DISABLE ROW LEVEL SECURITY'
    sql "${typed#as its owner: }"
    as_role_ok current
    out_is aaa
    sql "ALTER TABLE cmig_version OWNER TO current_user"
}

@test "a COPY row that the server refuses is shown with its own line" {
    rev aaa '' $'CREATE TABLE t (a int, b text);\nCOPY t (a,\n  b) FROM stdin; -- data\n1\tone\n2\ttwo\nx, line 1\tthree\n\\.'
    fails 1 upgrade head
    err_has 'aaa.sql:11:1: error: invalid input syntax for type integer' '11 | x, line 1'
    rev aaa '' $'CREATE TABLE t (a int UNIQUE, b text);\nCOPY t FROM stdin;\n1\tone\n1\ttwo\n3\tthree\n\\.' '' 'transaction: false'
    fails 1 upgrade head
    err_has 'aaa.sql:10:1: error: duplicate key' '10 | 1'
}

@test "graph: ambiguous targets, labels and lines of history" {
    fork
    fails 1 upgrade head
    err_has 'heads'
    ok upgrade heads
    fails 1 downgrade -1
    err_has 'say which side: bbb@-1'
    ok downgrade bbb@-1
    ok upgrade heads
    fails 1 revision -m x
    err_has 'cmig merge'
    ok merge heads -m joined
    ok upgrade head
    fails 1 upgrade nope
    ok history
    fails 1 stamp --purge +1
    err_has 'name the revision'
    ok stamp --purge bbb
    fails 1 downgrade --sql base
    err_has 'heads:-1 or current:base'
    ok downgrade --sql current:base
}

@test "sql: a script begins where the hint says" {
    chain
    fails 1 downgrade --sql base
    ok downgrade --sql heads:-1
    out_has 'DROP TABLE c'
    fails 1 upgrade --sql aaa:current
    err_has 'current:END'
    ok upgrade --sql current:ccc
    rm migrations/versions/*
    fork
    fails 1 stamp --sql aaa:bbb bbb:ccc
    err_has 'cmig stamp --sql START:END END'
    ok stamp --sql aaa:bbb ccc
}

@test "transaction control: each way that the hint names" {
    rev aaa '' 'BEGIN; CREATE TABLE a (); COMMIT;'
    fails 1 upgrade head
    err_has 'remove it' 'transaction: false'
    rev aaa '' 'CREATE TABLE a ();'
    ok upgrade head
    rev bbb aaa 'BEGIN; CREATE TABLE b (); COMMIT;' '' 'transaction: false'
    ok upgrade head
    rev ccc bbb 'BEGIN; SELECT 1; COMMIT AND CHAIN; COMMIT;' '' 'transaction: false'
    fails 1 upgrade head
    err_has 'write COMMIT or ROLLBACK, and then BEGIN'
    rev ccc bbb 'BEGIN; SELECT 1; COMMIT; BEGIN; COMMIT;' '' 'transaction: false'
    ok upgrade head
    rev ddd ccc 'CALL p();'
    sql 'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$'
    fails 1 upgrade head
    err_has 'put "transaction: false"'
    rev ddd ccc 'CALL p();' '' 'transaction: false'
    ok upgrade head
}

@test "blocks: markers, COPY data, strings" {
    file aaa.sql <<<$'-- ---\n-- revision: aaa\n-- ---\nSELECT 1;'
    fails 1 upgrade head
    err_has 'put a line "-- cmig:upgrade" before it'
    file aaa.sql <<<$'-- ---\n-- revision: aaa\n-- ---\n-- cmig:upgrade\nSELECT 1;'
    ok upgrade head
    fails 1 downgrade base
    err_has 'add the marker'
    echo '-- cmig:downgrade' >>migrations/versions/aaa.sql
    ok downgrade base
    rev aaa '' $'CREATE TABLE t (a text);\nCOPY t FROM stdin; SELECT 1;\nx\n\\.'
    fails 1 upgrade head
    err_has 'its data begins on the next line; put this statement after the line "\."'
    rev aaa '' $'CREATE TABLE t (a text);\nCOPY t FROM stdin;\nx\n\\.\nSELECT 1;'
    ok upgrade head
}

@test "an edited revision: --allow-edited" {
    chain
    ok upgrade aaa
    sed -i 's/id int/id bigint/' migrations/versions/aaa.sql
    fails 1 upgrade head
    err_has '--allow-edited' 'cmig status -v'
    cmig status -v
    out_has bigint
    ok upgrade --allow-edited head
}

@test "no privilege to create a shadow database: CREATEDB, or shadow_url" {
    project 'schema = schema.sql'
    echo 'CREATE TABLE t (a int);' >schema.sql
    fresh_role
    as_role check
    same "$status" 1
    err_has CREATEDB shadow_url
    sql "ALTER ROLE $ROLE CREATEDB"
    as_role check
    same "$status" 3
    sql "ALTER ROLE $ROLE NOCREATEDB"
    [ -n "$SERVER_BINDIR" ] || return 0
    CMIG_PG_BINDIR=$SERVER_BINDIR project 'schema = schema.sql' 'shadow_url = ephemeral:'
    CMIG_PG_BINDIR=$SERVER_BINDIR as_role check
    same "$status" 3
}

@test "a read-only database: another place for the shadow" {
    project 'schema = schema.sql'
    echo 'CREATE TABLE t (a int);' >schema.sql
    sql "ALTER DATABASE $DB SET default_transaction_read_only = on"
    fails 1 check
    err_has 'shadow_url' 'ephemeral:'
    project 'schema = schema.sql' 'shadow_url = ephemeral:'
    CMIG_PG_BINDIR=$SERVER_BINDIR cmig check
    same "$status" 3
    DB='' sql "ALTER DATABASE $DB RESET default_transaction_read_only"
}

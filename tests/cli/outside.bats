#!/usr/bin/env bats
# Statements that outlive a shadow database: refused on a real server before anything runs, allowed on a throw-away one.
load helper

setup() {
    fresh_folder
    fresh_database
    project 'schema = schema.sql'
    NEW=cmig_test_new_$$_$RANDOM
    echo 'CREATE TABLE t (a int);' >schema.sql
}

no_role() { sql_is "SELECT count(*) FROM pg_roles WHERE rolname LIKE '$NEW%'" 0; }

on_throw_away() {
    [ -n "$SERVER_BINDIR" ] || skip 'CMIG_PG_BINDIR does not say where the server is'
    export CMIG_PG_BINDIR=$SERVER_BINDIR
    ini 'script_location = migrations' 'url = ${DATABASE_URL}' 'schema = schema.sql' 'shadow_url = ephemeral:'
}

@test "a revision that would change the whole server is refused with its place, and nothing of it runs" {
    local statement
    rev aaa '' 'CREATE TABLE t (a int);'
    for statement in "CREATE ROLE $NEW" "/* a */ create user $NEW" "CREATE GROUP $NEW" "ALTER ROLE $NEW SET work_mem = '1MB'" \
        "DROP ROLE IF EXISTS $NEW" "GRANT pg_monitor TO $NEW" "REVOKE a, b FROM $NEW" "GRANT CONNECT ON DATABASE postgres TO PUBLIC" \
        "ALTER DATABASE $DB SET a.b = '1'" "ALTER SYSTEM SET work_mem = '1MB'" "CREATE TABLESPACE x LOCATION '/tmp/x'" \
        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p" "COMMENT ON ROLE $NEW IS 'x'" "SECURITY LABEL ON ROLE $NEW IS 'x'" \
        "COPY t TO '/tmp/$NEW'" "COPY (SELECT a FROM t) TO PROGRAM 'touch /tmp/$NEW'" "COPY t FROM E'/tmp/$NEW'" \
        "SELECT lo_export(1, '/tmp/$NEW')" "SELECT pg_catalog.pg_reload_conf()" "REASSIGN OWNED BY $NEW TO x" "DROP OWNED BY $NEW" \
        "DO \$\$ BEGIN IF true THEN CREATE ROLE $NEW; END IF; END \$\$" "DO \$do\$ BEGIN EXECUTE 'CREATE ROLE $NEW'; END \$do\$" \
        "DO 'BEGIN EXECUTE ''create user $NEW''; END'" "DO \$\$ BEGIN EXECUTE format('GRANT %I TO %I', 'a', 'b'); END \$\$"; do
        rev bbb aaa "CREATE TABLE u (a int);
$statement;"
        fails 1 check --revisions
        err_has 'bbb.sql:7:' 'whole server' 'hint: set shadow_url = ephemeral:'
        fails 1 drift
        err_has 'bbb.sql:7:' 'whole server'
    done
    no_role
    [ ! -e "/tmp/$NEW" ]
}

@test "what a function does to the whole server is found when it runs, and rolled back" {
    rev aaa '' "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN EXECUTE 'CREATE RO' || 'LE $NEW'; END \$\$;
CREATE TABLE t (a int);
SELECT f();"
    fails 1 check --revisions
    err_has 'aaa.sql' 'changes roles' 'shadow_url = ephemeral:'
    no_role
}

@test "statements that stay in the database are not refused" {
    rev aaa '' "CREATE TABLE t (a int);
GRANT SELECT ON t TO PUBLIC;
COPY t FROM stdin;
1
\\.
COPY t TO STDOUT;
CREATE FUNCTION create_role() RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN EXECUTE 'CREATE ROLE x'; END \$\$;
COMMENT ON TABLE t IS 'create role x';
DO \$\$ BEGIN /* CREATE ROLE x */ PERFORM 1; END \$\$;
DROP FUNCTION create_role();
COMMENT ON TABLE t IS NULL;
INSERT INTO t SELECT 1 WHERE 'drop database x' = 'lo_export';"
    ok check --revisions
    no_role
}

@test "after check --revisions the upgrade makes the role" {
    ROLE=$NEW
    rev aaa '' "CREATE TABLE t (a int);
CREATE ROLE $NEW;
GRANT SELECT ON t TO $NEW;"
    fails 1 check --revisions
    ok upgrade head
    sql_is "SELECT count(*) FROM pg_roles WHERE rolname = '$NEW'" 1
    sql 'DROP TABLE t'
}

@test "on a throw-away server revisions may create roles, whether the database has them or not" {
    on_throw_away
    ROLE=$NEW
    rev aaa '' "CREATE TABLE t (a int);
CREATE ROLE $NEW;
ALTER ROLE $NEW SET work_mem = '1MB';
GRANT SELECT ON t TO $NEW;"
    ok check --revisions
    no_role
    ok upgrade head
    ok check --revisions
    ok drift
    err_has 'nothing differs'
    ok drift --with-privileges
    err_has 'nothing differs'
    echo "CREATE ROLE $NEW; CREATE TABLE t (a int); GRANT SELECT ON t TO $NEW;" >schema.sql
    ok check --revisions --with-privileges
    ok diff --from schema --to revisions
    err_has 'nothing differs'
    ok check --with-privileges
    sql 'DROP TABLE t'
}

@test "on a throw-away server the roles that grants name are made, and that is said once" {
    on_throw_away
    echo "CREATE TABLE t (a int); GRANT SELECT ON t TO ${NEW}_web, \"$NEW Ä\"; ALTER TABLE t OWNER TO ${NEW}_owner;" >schema.sql
    rev aaa '' "CREATE TABLE t (a int);
GRANT SELECT ON t TO ${NEW}_web;"
    ok check --revisions
    err_has "note: created these roles on the throw-away server:" "${NEW}_web"
    same "$(grep -c 'throw-away server' <<<"$err")" 1
    fails 3 check
    no_role
}

@test "a schema source is loaded on a throw-away server with what else it does to the server" {
    on_throw_away
    echo "CREATE TABLE t (a int); CREATE ROLE $NEW; ALTER SYSTEM SET work_mem = '1MB';" >schema.sql
    sql 'CREATE TABLE t (a int)'
    ok check
    err_has 'nothing differs'
    mkdir folder
    echo "GRANT SELECT ON t TO $NEW;" >folder/a.sql
    echo "CREATE TABLE t (a int); CREATE ROLE $NEW LOGIN;" >folder/b.sql
    ok diff --from folder --to database
    err_has 'nothing differs'
    no_role
}

@test "what a schema source puts together at run time does not reach a real server either" {
    sql 'CREATE TABLE t (a int)'
    echo "DO \$\$ BEGIN EXECUTE 'CREATE RO' || 'LE $NEW'; END \$\$; CREATE TABLE t (a int);" >schema.sql
    fails 1 check
    err_has 'schema.sql: error: this changes roles, databases or settings of the whole server' 'shadow_url = ephemeral:'
    no_role
    # A statement that runs outside of a transaction sends the others there too.
    echo 'CREATE TABLE i (a int); CREATE INDEX CONCURRENTLY ON i (a);' >>schema.sql
    fails 1 check
    err_has 'this changes roles, databases or settings'
    no_role
}

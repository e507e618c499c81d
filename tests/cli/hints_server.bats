#!/usr/bin/env bats
# The hints on connections, servers, locks and runs that stopped: what they say to type works.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

teardown() {
    cd /
    if [ -n "${HOLDER:-}" ]; then release; fi
    if [ -n "${MADE:-}" ]; then DB='' sql "DROP DATABASE IF EXISTS $MADE"; fi
    if [ -n "${DB:-}" ]; then leave_database; fi
}

# hint_has STATUS TEXT ARGUMENT...: the command fails with this status, and its hint has the text.
hint_has() {
    fails "$1" "${@:3}"
    has "$(hint)" "$2"
}

@test "urls: each form that the hint writes" {
    local url_hint='write postgresql://user@host:port/database, or host=... dbname=... user=..., or ephemeral: for a throw-away server'
    hint_has 2 "$url_hint" --url nonsense current
    hint_has 2 "$url_hint" --url mysql://host/db current
    hint_has 2 'percent-encode special characters of a password in a URI, such as %40 for "@" and %2F for "/"' --url 'postgresql://me:a%zz@host/db' current
    local socket
    socket=$(sed 's|/|%2F|g' <<<"$PGHOST")
    has "$(hint)" "$url_hint"
    ok --url "postgresql://$PGUSER@$socket:5432/$DB" current
    ok --url "postgresql://$PGUSER:p%40%2F@$socket/$DB" current
    ok --url "host=$PGHOST dbname=$DB user=$PGUSER" current
    CMIG_PG_BINDIR=$SERVER_BINDIR ok --url ephemeral: current
}

@test "connections: no server, no database" {
    hint_has 1 'check that the server runs there and the url is right' --url "postgresql://%2Fnowhere/$DB" current
    local createdb=${PSQL%psql}createdb
    [ -x "$(command -v "$createdb")" ] || createdb=createdb
    command -v "$createdb" >/dev/null || skip 'no createdb'
    MADE=${DB}_new
    hint_has 1 'check the names in the url; `createdb NAME` makes a database' --url "postgresql:///$MADE" current
    "$createdb" "$MADE"
    ok --url "postgresql:///$MADE" current
}

@test "a read-only database is written to as the hint says" {
    chain
    sql "ALTER DATABASE $DB SET default_transaction_read_only = on"
    hint_has 1 'to run anyway, start cmig with PGOPTIONS='\''-c default_transaction_read_only=off'\''; if the url sets options, add it there' upgrade aaa
    eval "$(hint | grep -o "PGOPTIONS='[^']*'") ok upgrade aaa"
    ok --url "postgresql:///$DB?options=-c%20default_transaction_read_only%3Doff" upgrade bbb
    DB='' sql "ALTER DATABASE $DB RESET default_transaction_read_only"
}

@test "ephemeral servers: each form, and the temporary folder" {
    hint_has 2 'write ephemeral:, ephemeral:16 or ephemeral:/usr/lib/postgresql/16/bin' --url ephemeral:latest current
    hint_has 2 'name the folder that has both, such as /usr/lib/postgresql/16/bin; ephemeral: alone, with no CMIG_PG_BINDIR, looks for it' --url ephemeral:/nowhere current
    export CMIG_PG_BINDIR=$SERVER_BINDIR
    hint_has 1 'install one, such as the package postgresql, or set CMIG_PG_BINDIR to the folder of its initdb and postgres' --url ephemeral:99 current
    ok --url ephemeral: current
    ok --url "ephemeral:$(program_major "$SERVER_BINDIR/postgres")" current
    ok --url "ephemeral:$SERVER_BINDIR" current
    chmod 711 "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}" "$BATS_TEST_TMPDIR"
    TMPDIR=/nowhere cmig_as_nobody --url ephemeral: current
    same "$status" 1
    has "$(hint)" 'TMPDIR names another folder for temporary files'
    TMPDIR=/tmp cmig_as_nobody --url ephemeral: current
    same "$status" 0
}

@test "a run that waits for another: the other is ended as the hint says" {
    rev aaa '' 'SELECT pg_advisory_lock(1); CREATE TABLE a ();' 'DROP TABLE a;'
    project 'lock_wait = 0'
    hold
    "$CMIG" upgrade head >one 2>&1 </dev/null 3>&- 7>&- &
    ONE=$!
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    hint_has 1 'wait until it has ended, or end it: SELECT pg_terminate_backend(PID); lock_wait says how long to wait' upgrade head
    local pid typed
    pid=$(grep -o 'pid [0-9]*' <<<"$err" | head -1)
    typed=$(hint | grep -o 'SELECT pg_terminate_backend(PID)')
    sql "${typed/PID/${pid#pid }}" >/dev/null
    PID=$ONE
    finish
    release
    same "$status" 1
    has "$(cat one)" 'HINT: an administrator, or a server that stops, ended the connection; run the command again later'
    ok upgrade head
}

@test "a statement of a killed run: ended as the hint says, then run again" {
    project 'lock_wait = 500ms'
    rev aaa '' "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN COMMIT; PERFORM pg_advisory_lock(1), pg_advisory_unlock(1); END';
CALL p();" '' 'transaction: false'
    hold
    start upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    kill -KILL "$PID"
    wait "$PID" || :
    hint_has 1 'wait until it has ended, or end it: SELECT pg_terminate_backend(' upgrade head
    local typed
    typed=$(hint)
    sql "${typed#*end it: }" >/dev/null
    release
    hint_has 1 'if it has, or you have done it by hand: --resume-after 2; if it has not: --resume-at 2' upgrade head
    ok upgrade head --resume-at 2
    rows_are aaa
}

@test "resume: numbers that cannot be" {
    rev aaa '' $'CREATE TABLE a ();\nCREATE TABLE b ();\nSELECT nope;' '' 'transaction: false'
    fails 1 upgrade head
    hint_has 1 'run the command without --resume-after and --resume-at' upgrade head --resume-after 9
    sed -i '/CREATE TABLE b/d' migrations/versions/aaa.sql
    sed -i 's/SELECT nope/SELECT 1/' migrations/versions/aaa.sql
    hint_has 1 'undo the edit; or, if what has run is right as it is, go on with --resume-after 2' upgrade head
    sed -i '/SELECT 1/d' migrations/versions/aaa.sql
    hint_has 1 'undo the edit; or, if what has run is right as it is, go on with --resume-after 1' upgrade head
    ok upgrade head --resume-after 1
    rev bbb aaa 'SELECT 1;'
    hint_has 1 'run the command without --resume-after and --resume-at' upgrade head --resume-at 1
    ok upgrade head
}

@test "resume: the other direction, finished as the hint says, or decided with stamp" {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    rev bbb aaa $'CREATE TABLE b ();\nSELECT nope;' $'DROP TABLE b;' 'transaction: false'
    fails 1 upgrade head
    hint_has 1 'or bring the database by hand to where it was or to where it goes, then tell: cmig stamp REVISION' downgrade base
    sed -i 's/SELECT nope/SELECT 1/' migrations/versions/bbb.sql
    typed=$(hint)
    typed=${typed%%;*}
    eval "ok ${typed#*finish it: cmig }"
    rows_are bbb
    sed -i 's/DROP TABLE b/DROP TABLE b; SELECT nope/' migrations/versions/bbb.sql
    fails 1 downgrade base
    fails 1 upgrade head
    sed -i 's/SELECT nope/SELECT 1/' migrations/versions/bbb.sql
    typed=$(hint)
    typed=${typed%%;*}
    same "$typed" 'finish it: cmig downgrade aaa'
    eval "ok ${typed#*finish it: cmig }"
    rows_are aaa
    ok upgrade bbb
    rev ccc bbb $'CREATE TABLE c ();\nSELECT nope;' '' 'transaction: false'
    fails 1 upgrade head
    sed -i '/transaction: false/d' migrations/versions/ccc.sql
    hint_has 1 'put "transaction: false" back into its header and run the command again' upgrade head
    sql 'DROP TABLE c'
    ok stamp bbb
    sed -i 's/SELECT nope/SELECT 1/' migrations/versions/ccc.sql
    ok upgrade head
}

@test "invalid indexes: dropped with the SQL of the hint" {
    rev aaa '' 'CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY j ON t (a);' '' 'transaction: false'
    ok upgrade aaa
    sql 'CREATE UNIQUE INDEX CONCURRENTLY "i i" ON t (a)' || :
    hint_has 1 'the next run drops and builds again the one that this statement names; others: DROP INDEX CONCURRENTLY public."i i";' upgrade head
    typed=$(hint)
    sql "${typed#*others: }"
    ok upgrade head
}

@test "a transaction that is left open is closed" {
    rev aaa '' 'BEGIN; CREATE TABLE a ();' '' 'transaction: false'
    hint_has 1 'end each BEGIN in the block with COMMIT' upgrade head
    rev aaa '' 'BEGIN; CREATE TABLE a (); COMMIT;' '' 'transaction: false'
    ok upgrade head
}

@test "an edited revision: undone, or run with --allow-edited" {
    chain
    ok upgrade aaa
    sed -i 's/id int/id bigint/' migrations/versions/aaa.sql
    hint_has 1 '`cmig status -v` shows what differs: undo the edit and put the change into a new revision, or go on with --allow-edited' upgrade bbb
    ok upgrade bbb --allow-edited
    sed -i 's/id bigint/id int/' migrations/versions/aaa.sql
    ok upgrade head
}

@test "status: the titles of the lists say what can be done" {
    chain
    ok upgrade aaa
    sed -i 's/id int/id bigint/' migrations/versions/aaa.sql
    hint_has 3 'the title of each list above says what can be done' status
    out_has edited
}

@test "a log without privileges to create it: with a grant, or without the log" {
    chain
    ok ensure-version
    sql 'DROP TABLE cmig_log'
    fresh_role
    sql "GRANT SELECT, INSERT, UPDATE, DELETE ON cmig_version TO $ROLE; GRANT CREATE ON SCHEMA public TO $ROLE; CREATE SCHEMA own AUTHORIZATION $ROLE; REVOKE CREATE ON SCHEMA public FROM $ROLE"
    rev aaa '' 'CREATE TABLE own.a ();'
    cmig --url "postgresql://$ROLE@/$DB" upgrade aaa
    same "$status" 1
    has "$(hint)" 'or, to do without the log: log_table ='
    project 'log_table ='
    ok --url "postgresql://$ROLE@/$DB" upgrade aaa
    sql "DROP OWNED BY $ROLE"
}

@test "shadow databases: the privilege and the server that the hint names" {
    project 'schema = schema.sql'
    echo 'CREATE TABLE t (a int);' >schema.sql
    sql 'CREATE TABLE t (a int)'
    fresh_role
    sql "GRANT SELECT ON t TO $ROLE"
    cmig --url "postgresql://$ROLE@/$DB" check
    same "$status" 1
    has "$(hint)" 'give this user CREATEDB, or set shadow_url to a server where it may'
    sql "ALTER ROLE $ROLE CREATEDB"
    ok --url "postgresql://$ROLE@/$DB" check
    sql "ALTER DATABASE $DB SET default_transaction_read_only = on"
    hint_has 1 'a shadow database cannot be created on a read-only server: set shadow_url to another server, or to ephemeral:' check
    project 'schema = schema.sql' 'shadow_url = ephemeral:'
    CMIG_PG_BINDIR=$SERVER_BINDIR ok check
    DB='' sql "ALTER DATABASE $DB RESET default_transaction_read_only"
    sql "DROP OWNED BY $ROLE"
}

@test "resume: the first revision, half reverted, is finished as the hint says" {
    rev aaa '' 'CREATE TABLE a ();' $'DROP TABLE a;\nSELECT nope;' 'transaction: false'
    ok upgrade head
    fails 1 downgrade base
    rev bbb aaa 'SELECT 1;'
    fails 1 upgrade head
    sed -i 's/SELECT nope/SELECT 1/' migrations/versions/aaa.sql
    typed=$(hint)
    typed=${typed%%;*}
    same "$typed" 'finish it: cmig downgrade aaa@base'
    eval "ok ${typed#*finish it: cmig }"
    rows_are ''
}

@test "a revision without a file and without its text in the log" {
    chain
    rm migrations/versions/ccc.sql
    ok upgrade bbb
    sql "UPDATE cmig_log SET source = NULL"
    mv migrations/versions/bbb.sql kept
    hint_has 1 'run this from a checkout that has the file' downgrade --from-log -1
    mv kept migrations/versions/bbb.sql
    ok downgrade -1
}

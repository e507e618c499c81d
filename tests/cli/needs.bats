#!/usr/bin/env bats
# What commands need: an ini file, revision files, a database. None asks for more.
load helper

setup() {
    fresh_folder
    fresh_database
    sql 'CREATE TABLE t (a int)'
    echo 'CREATE TABLE t (a int);' >same.sql
    echo 'CREATE TABLE t (a int, b int);' >other.sql
    URL=$DATABASE_URL
}

# No project, and nothing that says which database is meant.
without_database() { export DATABASE_URL='' PGDATABASE=no_such_database; }

@test "diff of a URL and a file needs no ini file, no revisions and no other database" {
    without_database
    ok diff --from "$URL" --to other.sql
    has "$out" 'ALTER TABLE public.t ADD COLUMN b integer'
    ok diff --from other.sql --to "$URL"
    has "$out" 'DROP COLUMN b'
    ok --json diff --from "$URL" --to same.sql
    json_is "j->>'equal'" true
    files_are . './other.sql ./same.sql '
}

@test "diff of two URLs, and of two files" {
    ok diff --from other.sql --to same.sql
    has "$out" 'DROP COLUMN b'
    without_database
    ok diff --from "$URL" --to "$URL"
    err_is 'nothing differs'
}

@test "diff of files with a server of its own needs no database" {
    [ -n "$SERVER_BINDIR" ] || skip 'CMIG_PG_BINDIR does not say where the server is'
    without_database
    export CMIG_PG_BINDIR=$SERVER_BINDIR
    ini 'shadow_url = ephemeral:'
    ok diff --from other.sql --to same.sql
    has "$out" 'DROP COLUMN b'
    ok diff --from "$URL" --to other.sql
    has "$out" 'ADD COLUMN b'
}

@test "dump of a URL and of a file" {
    ok dump --from other.sql
    out_has 'CREATE TABLE public.t'
    without_database
    sql_as_url 'CREATE VIEW v AS SELECT a FROM t'
    ok dump --from "$URL" --to dump.sql
    grep -q 'VIEW public.v' dump.sql
    err_lacks warning
}

sql_as_url() { PGOPTIONS='-c client_min_messages=warning' "$PSQL" -XAtq -d "$URL" -c "$1"; }

@test "check of a URL against a file" {
    without_database
    ok check --from "$URL" --to same.sql
    err_is 'nothing differs'
    fails 3 check --from "$URL" --to other.sql
    out_is 'create column public.t.b'
    err_has 'the sides differ' 'cmig diff'
    ok --url "$URL" check --to same.sql
    fails 3 --url "$URL" check --to other.sql
    fails 2 check --revisions --from "$URL" --to same.sql
}

@test "an ini file without script_location will do for what needs no revisions" {
    ini 'url = ${DATABASE_URL}' 'schema = same.sql'
    ok check
    ok diff
    ok dump
    ok log
    fails 2 check --revisions
    err_has 'script_location is not set in [cmig]' 'script_location = migrations'
    fails 2 drift
    err_has 'script_location is not set'
    fails 2 upgrade head
    err_has 'script_location is not set'
}

@test "a folder of revisions that is missing, or a broken file in it, is no matter to them" {
    ini 'script_location = migrations' 'url = ${DATABASE_URL}' 'schema = same.sql'
    ok check
    ok ensure-version
    ok log
    mkdir -p migrations/versions
    echo nonsense | file broken.sql
    ok check
    ok dump
    ok diff
    ok log
    fails 1 current
    err_has broken.sql
}

@test "a connection without a current schema is compared and dumped" {
    sql "CREATE SCHEMA app; CREATE TABLE app.t (a int); DROP SCHEMA public CASCADE"
    echo 'CREATE SCHEMA app; CREATE TABLE app.t (a int);' >same.sql
    ini 'url = ${DATABASE_URL}' 'schema = same.sql'
    ok check --with-privileges
    ok dump
    out_has 'CREATE TABLE app.t'
}

@test "what needs a project says how to get one" {
    local command
    for command in 'upgrade head' current history heads branches 'show head' 'revision -m x' drift 'check' 'diff' \
        'check --revisions' 'dump --from revisions' 'dump --from schema' ensure-version 'ensure-version --sql' 'stamp head' status; do
        fails 2 $command
        err_has 'migrate.ini' 'cmig init migrations'
    done
    untouched_but_t
}

untouched_but_t() { tables_are t; }

@test "an ini file that was named must exist" {
    fails 2 -c other.ini diff --from "$URL" --to same.sql
    err_has other.ini
    CMIG_CONFIG=other.ini fails 2 diff --from "$URL" --to same.sql
    err_has other.ini
}

@test "a file may have a = in its name" {
    cp other.sql a=b.sql
    ok diff --from "$URL" --to a=b.sql
    has "$out" 'ADD COLUMN b'
}

@test "a URL that cannot be reached is named without its password" {
    without_database
    fails 1 diff --from postgresql://u:secret@127.0.0.1:1/x --to same.sql
    err_lacks secret
}

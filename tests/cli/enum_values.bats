#!/usr/bin/env bats
# A value that one revision adds to an enum can be used by the next one, online and in a script.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

teardown() {
    cd /
    if [ -n "${HOLDER:-}" ]; then release; fi
    if [ -n "${OTHER:-}" ]; then DB='' sql "DROP DATABASE $OTHER WITH (FORCE)"; fi
    if [ -n "${DB:-}" ]; then leave_database; fi
}

# script_gives SQL: the script of the same run, on a fresh database, ends with the same rows.
script_gives() {
    OTHER=${DB}_other
    sql "CREATE DATABASE $OTHER"
    ok upgrade --sql head
    cp "$BATS_TEST_TMPDIR/out" script.sql
    PGOPTIONS='-c client_min_messages=warning' "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$OTHER" -f script.sql
    same "$(DB=$OTHER sql "$1; SELECT version_num FROM cmig_version")" "$(sql "$1; SELECT version_num FROM cmig_version")"
}

enum_used_later() {
    rev aaa '' "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (e e);" 'DROP TABLE t; DROP TYPE e;'
    rev bbb aaa "ALTER TYPE e ADD VALUE 'b';" "ALTER TYPE e RENAME TO e_old; CREATE TYPE e AS ENUM ('a'); ALTER TABLE t ALTER e TYPE e USING CASE e::text WHEN 'b' THEN 'a' ELSE e::text END::e; DROP TYPE e_old;"
    rev ccc bbb "INSERT INTO t VALUES ('b');" "DELETE FROM t WHERE e = 'b';"
    rev ddd ccc "ALTER TABLE t ALTER e SET DEFAULT 'b';" 'ALTER TABLE t ALTER e DROP DEFAULT;'
}

@test "a value that one revision adds can be used by a later one, on a fresh database and with the defaults" {
    enum_used_later
    ok upgrade head
    rows_are ddd
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc, upgrade ddd'
    sql_is 'SELECT e FROM t' b
    script_gives 'SELECT e FROM t'
    ok downgrade base
    rows_are ''
}

@test "a value that is added to an enum of an earlier run can be used, and one note says what is committed" {
    enum_used_later
    ok upgrade aaa
    ok upgrade head
    sql_is 'SELECT e FROM t' b
    err_has 'note: committing after revision bbb: PostgreSQL does not allow the use of a new enum value before a commit'
    same "$(grep -c note: <<<"$err")" 1
}

@test "two revisions that add values make one note" {
    enum_used_later
    rev eee ddd "ALTER TYPE e ADD VALUE IF NOT EXISTS 'c' AFTER 'a';"
    rev fff eee "INSERT INTO t VALUES ('c');"
    ok upgrade aaa
    ok upgrade head
    sql_is "SELECT string_agg(e::text, ' ' ORDER BY e) FROM t" 'c b'
    same "$(grep -c note: <<<"$err")" 1
}

@test "all or nothing is lost only from the new value on, and the state line says so" {
    enum_used_later
    rev ddd ccc 'SELECT nope;'
    ok upgrade aaa
    fails 1 upgrade head
    err_has 'note: committing after revision bbb' 'state: 1 revision is committed, the rest was rolled back; the database is at bbb'
    sql_is 'SELECT count(*) FROM t' 0
    rows_are bbb
}

@test "a failure before the new value rolls back everything" {
    enum_used_later
    rev bbb aaa "ALTER TYPE e ADD VALUE 'b'; SELECT nope;"
    fails 1 upgrade head
    err_lacks note:
    err_has 'state: nothing was changed'
    untouched
}

@test "a value that exists already ends no transaction" {
    rev aaa '' "CREATE TYPE e AS ENUM ('a');"
    rev bbb aaa "ALTER TYPE e ADD VALUE IF NOT EXISTS 'a';"
    rev ccc bbb 'SELECT nope;'
    fails 1 upgrade head
    err_lacks note:
    untouched
}

@test "the last revision of a run ends its transaction anyway" {
    enum_used_later
    ok upgrade bbb
    err_lacks note:
    rows_are bbb
}

@test "a value that a DO block, a function or a procedure adds can be used by a later revision" {
    local adds
    rev aaa '' "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (e e);"
    rev ccc bbb "INSERT INTO t VALUES ('b');"
    for adds in "DO \$\$ BEGIN ALTER TYPE e ADD  VALUE 'b'; END \$\$;" \
        "DO \$\$ BEGIN ALTER TYPE e ADD VALUE 'b'; EXCEPTION WHEN OTHERS THEN NULL; END \$\$;" \
        "DO \$\$ BEGIN EXECUTE 'alter type e add value ''b'''; END \$\$;" \
        "SELECT add_b();" 'CALL add_b_too();' 'DO $$ BEGIN PERFORM add_b(); END $$;' \
        'WITH x AS (SELECT add_b()) SELECT * FROM x;'; do
        rev bbb aaa "
CREATE FUNCTION add_b() RETURNS text LANGUAGE plpgsql AS \$\$ BEGIN ALTER TYPE e ADD VALUE 'b'; RETURN ''; END \$\$;
CREATE PROCEDURE add_b_too() LANGUAGE plpgsql AS \$\$ BEGIN ALTER TYPE e ADD VALUE 'b'; END \$\$;
$adds"
        ok upgrade aaa
        ok upgrade head
        err_has 'note: committing after revision bbb'
        sql_is 'SELECT e FROM t' b
        script_gives 'SELECT e FROM t'
        DB='' sql "DROP DATABASE $OTHER WITH (FORCE)"
        OTHER=''
        sql 'DROP FUNCTION add_b; DROP PROCEDURE add_b_too; DROP TABLE t, cmig_version, cmig_log; DROP TYPE e'
    done
}

@test "code that adds no value ends no transaction, however often a revision of the run says ADD VALUE in a body" {
    rev aaa '' "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS \$\$ BEGIN IF false THEN ALTER TYPE e ADD VALUE 'b'; END IF; RETURN 1; END \$\$;"
    rev bbb aaa 'SELECT f(); DO $$ BEGIN PERFORM f(); END $$;'
    rev ccc bbb "CREATE TABLE c AS SELECT 'ADD VALUE' AS v; COMMENT ON TABLE c IS 'ALTER TYPE e ADD VALUE';"
    rev ddd ccc 'SELECT nope;'
    fails 1 upgrade head
    err_lacks note:
    untouched
}

@test "a type of the same transaction takes values that can be used at once, where the server allows it" {
    [ "$(server_major)" -ge 17 ] || skip 'the server does not allow it'
    rev aaa '' "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (e e);"
    rev bbb aaa "ALTER TYPE e ADD VALUE 'b'; INSERT INTO t VALUES ('b');"
    rev ccc bbb 'SELECT nope;'
    fails 1 upgrade head
    err_lacks note:
    untouched
}

@test "a value added in the run's first transaction is committed behind a revision outside a transaction" {
    enum_used_later
    rev eee ddd 'CREATE INDEX CONCURRENTLY t_e ON t (e);' '' 'transaction: false'
    rev fff eee "ALTER TYPE e ADD VALUE 'c';"
    rev ggg fff "INSERT INTO t VALUES ('c');"
    ok upgrade head
    rows_are ggg
    sql_is "SELECT string_agg(e::text, ' ' ORDER BY e) FROM t" 'b c'
    script_gives "SELECT string_agg(e::text, ' ' ORDER BY e) FROM t"
}

@test "transaction_per_migration needs no note" {
    project 'transaction_per_migration = true'
    enum_used_later
    ok upgrade head
    err_lacks note:
    sql_is 'SELECT e FROM t' b
}

@test "a script says where it commits, and on standard error too" {
    enum_used_later
    ok upgrade --sql head
    err_has 'note: committing after revision bbb'
    same "$(grep -c '^COMMIT;' "$BATS_TEST_TMPDIR/out")" 2
    out_has '-- A new enum value cannot be used before it is committed.'
    has "$out" '\set ON_ERROR_STOP on'
}

@test "added and used in one revision: the hint names a split, which works, and transaction: false, which works too" {
    local both="ALTER TYPE e ADD VALUE 'b'; INSERT INTO t VALUES ('b');"
    enum_used_later
    rev bbb aaa "$both"
    ok upgrade aaa
    fails 1 upgrade bbb
    err_has bbb.sql:6:51 'SQLSTATE: 55P04' 'to an earlier revision' '"transaction: false" in the revision'
    rev bbb aaa "$both" '' 'transaction: false'
    ok upgrade bbb
    sql_is 'SELECT e FROM t' b
}

@test "of two runs at once, the second waits for the whole of a run that commits early" {
    enum_used_later
    rev ccc bbb "SELECT pg_advisory_xact_lock(1); INSERT INTO t VALUES ('b');"
    hold
    start_two upgrade head
    release
    both_end_well
    rows_are ddd
    sql_is 'SELECT count(*) FROM t' 1
    err_has 'nothing to do'
}

@test "a revision that replays in a shadow database may use a value of an earlier one" {
    enum_used_later
    printf "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (e e DEFAULT 'b');\n" >schema.sql
    ini 'script_location = migrations' 'url = ${DATABASE_URL}' 'schema = schema.sql'
    ok check --revisions
    err_lacks note:
}

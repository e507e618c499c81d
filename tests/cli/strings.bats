#!/usr/bin/env bats
# standard_conforming_strings is followed wherever it is set: strings are read as psql and the server read them.
load helper

setup() {
    fresh_folder
    fresh_database
    project
    "$PSQL" -XAtqc 'SET standard_conforming_strings = off' -d postgres >/dev/null 2>&1 || skip 'this server knows one kind of strings only'
}

# Strings that are read in two ways: a closed string and a statement more, or an apostrophe.
T='CREATE TABLE t (id serial, v text);'
OFF="INSERT INTO t (v) VALUES ('it\\'s; a\\\\b');"
ON="INSERT INTO t (v) VALUES ('C:\\');"
values_are() { sql_is "SELECT coalesce(string_agg(v, '|' ORDER BY id), '') FROM t" "$1"; }

strings_off() { sql "ALTER DATABASE $DB SET standard_conforming_strings = off; ALTER DATABASE $DB SET escape_string_warning = off"; }

# The script that --sql prints, by psql, after the program's own run was taken back.
script_is_the_same() {
    local values
    values=$(sql "SELECT string_agg(v, '|' ORDER BY id) FROM t")
    ok downgrade base
    ok upgrade --sql current:head
    "$PSQL" -Xq -v ON_ERROR_STOP=1 -d "$DB" -f - <<<"$out" >/dev/null
    values_are "$values"
}

@test "off at the database, for upgrade, downgrade, scripts and edits" {
    strings_off
    rev aaa '' "$T $OFF" 'DROP TABLE t;' 'message: "it''s a \\ message"'
    rev bbb aaa "$OFF $OFF" "DELETE FROM t WHERE v = 'it\\'s; a\\\\b' AND id > 1;"
    ok upgrade head
    values_are "it's; a\\b|it's; a\\b|it's; a\\b"
    ok downgrade aaa
    values_are "it's; a\\b"
    ok upgrade head
    script_is_the_same
    echo '-- an edit' >>migrations/versions/aaa.sql
    ok upgrade head
    ok status
}

@test "off for the user, or by PGOPTIONS or the url" {
    rev aaa '' "$T $OFF" 'DROP TABLE t;'
    export PGOPTIONS='-c standard_conforming_strings=off -c escape_string_warning=off'
    ok upgrade head
    ok downgrade base
    unset PGOPTIONS
    for words in 'upgrade head' 'downgrade base' 'upgrade head'; do
        # shellcheck disable=SC2086 # words on purpose
        DATABASE_URL="postgresql:///$DB?options=-c%20standard_conforming_strings%3Doff" ok $words
    done
    values_are "it's; a\\b"
    sql 'DROP TABLE t, cmig_version, cmig_log'
    fails 1 upgrade head # the server reads it in the other way
    err_has aaa.sql:6
}

@test "off at the database, on in a revision, for itself only" {
    strings_off
    rev aaa '' "$T SET standard_conforming_strings = on; $ON SET LOCAL standard_conforming_strings TO off; $OFF
        RESET standard_conforming_strings; $OFF" 'DROP TABLE t;'
    rev bbb aaa "$OFF"
    rev ccc bbb "SELECT set_config('standard_conforming_strings', 'on', true); $ON" '' 'transaction: true'
    rev ddd ccc "$OFF"
    ok upgrade head
    values_are "C:\\|it's; a\\b|it's; a\\b|it's; a\\b|C:\\|it's; a\\b"
    for i in ddd ccc bbb; do sed -i 's/^-- cmig:downgrade$/&\nSELECT 1;/' "migrations/versions/$i.sql"; done
    script_is_the_same
}

@test "set by set_config(), by a function, by DO and by ROLLBACK TO" {
    rev aaa '' "$T CREATE FUNCTION f(v text) RETURNS text LANGUAGE sql AS \$\$ SELECT set_config('standard_conforming_strings', v, false) \$\$;" \
        'DROP TABLE t; DROP FUNCTION f;'
    rev bbb aaa "$ON SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false); $OFF"
    rev ccc bbb "$ON SELECT f('off'); $OFF SELECT f('on'); $ON"
    rev ddd ccc "$ON DO \$\$ BEGIN PERFORM set_config('standard_conforming_' || 'strings', 'off', true); END \$\$; $OFF"
    rev eee ddd "$ON SAVEPOINT s; SELECT f('off'); $OFF ROLLBACK TO s; $ON"
    sed -i 's/^-- cmig:downgrade$/&\nSELECT 1;/' migrations/versions/[c-e]*.sql
    rev fff eee "$ON CREATE TABLE u AS SELECT f('off'); $OFF DROP TABLE u; $OFF"
    PGOPTIONS='-c escape_string_warning=off' ok upgrade head
    values_are "C:\\|it's; a\\b|C:\\|it's; a\\b|C:\\|C:\\|it's; a\\b|C:\\|C:\\|C:\\|it's; a\\b|it's; a\\b"
    ok downgrade bbb
}

@test "... outside a transaction" {
    export PGOPTIONS='-c escape_string_warning=off'
    rev aaa '' "$T CREATE FUNCTION f(v text) RETURNS text LANGUAGE sql AS \$\$ SELECT set_config('standard_conforming_strings', v, false) \$\$;"
    rev bbb aaa "$ON SELECT f('off'); $OFF VACUUM t; BEGIN; SELECT f('on'); $ON ROLLBACK; $OFF" '' 'transaction: false'
    rev ccc bbb "$ON"
    ok upgrade head
    values_are "C:\\|it's; a\\b|it's; a\\b|C:\\"
}

@test "a string that is not closed is refused before anything runs" {
    rev aaa '' "$T INSERT INTO t (v) VALUES ('a\\b);"
    fails 1 upgrade head
    err_has aaa.sql:6 'a string that begins here is never closed'
    untouched
}

@test "a schema source and the revisions are read in a shadow as in the database" {
    strings_off
    rev aaa '' "CREATE TABLE t (v text DEFAULT 'it\\'s; here');" 'DROP TABLE t;'
    echo "CREATE TABLE t (v text DEFAULT 'it\\'s; here');" >schema.sql
    project 'schema = schema.sql'
    ok upgrade head
    ok check
    ok check --revisions
    ok drift
}

# What has texts with backslashes and apostrophes, right whatever standard_conforming_strings is.
backslashes() {
    cat <<'SQL'
CREATE TYPE e AS ENUM (E'q\\', E'a\\b''c');
CREATE DOMAIN d AS text DEFAULT E'a\\b''c' CHECK (VALUE <> E'z\\''x');
CREATE TABLE t (v text DEFAULT E'a\\b''c', k e DEFAULT E'q\\', g text GENERATED ALWAYS AS (v || E'\\n''') STORED,
    CONSTRAINT c CHECK (v ~ E'^\\w.*\\w$'), CONSTRAINT ex EXCLUDE ((v || E'\\') WITH =) WHERE (v <> E'\\'''));
CREATE INDEX i ON t ((v || E'\\')) WHERE v <> E'\\''';
CREATE STATISTICS s ON v, g FROM t;
COMMENT ON TABLE t IS E'C:\\''';
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (v <> E'\\d''');
CREATE FUNCTION f(a text DEFAULT E'd\\''e') RETURNS text LANGUAGE sql SET cmig.x = E'a\\b''' AS $$ SELECT 'x\\y' $$;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.v <> E'\\') EXECUTE FUNCTION tf(E'a\\''b');
CREATE TABLE p (k text) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (E'a\\''b', E'\\');
CREATE VIEW w AS SELECT E'a\\''b' AS x, v FROM t WHERE v ~ E'\\d';
CREATE RULE r AS ON INSERT TO w DO INSTEAD INSERT INTO t (v) VALUES (E'\\''');
CREATE FOREIGN DATA WRAPPER fdw OPTIONS (a E'b\\''c');
CREATE AGGREGATE ag(text) (SFUNC = textcat, STYPE = text, INITCOND = E'i\\''');
SQL
}

# A role that may own all of that, and drops it.
backslash_role() {
    fresh_role SUPERUSER
    export DATABASE_URL=postgresql://$ROLE@/$DB
    project 'schema = schema.sql'
    backslashes >schema.sql
}
drop_backslashes() { sql "DROP OWNED BY $ROLE"; }

plans_with_backslashes() {
    ok revision --autogenerate -m one
    ok upgrade head
    ok check
    sql "INSERT INTO t (v) VALUES (E'a\\\\b')"
    sed -i 's/a\\\\b/new\\\\\\\\/; s/CONSTRAINT c CHECK (/&v <> E'"'\\\\\\\\' AND /" schema.sql
    has "$(cat schema.sql)" "DEFAULT E'new\\\\\\\\''c'" "CHECK (v <> E'\\\\' AND"
    ok revision --autogenerate -m two
    ok upgrade head
    ok check
    ok check --revisions
    sql_is 'SELECT v FROM t' 'a\b'
    ok downgrade -1
    ok downgrade base
    ok upgrade head --sql
    "$PSQL" -Xq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f - <<<"$out" >/dev/null
    ok check
}

@test "generated statements mean the same in a database where it is off" {
    backslash_role
    strings_off
    plans_with_backslashes
    drop_backslashes
}

@test "... and for a user for whom it is off" {
    backslash_role
    sql "ALTER ROLE $ROLE SET standard_conforming_strings = off; ALTER ROLE $ROLE SET escape_string_warning = off"
    plans_with_backslashes
    drop_backslashes
}

@test "a dump has the same objects where it is off and where it is on" {
    backslash_role
    "$PSQL" -Xq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f schema.sql
    ok dump --to on.sql
    strings_off
    ok dump --to off.sql
    cmp on.sql off.sql
    ok diff --from database --to on.sql
    err_has 'nothing differs'
    sql "DROP OWNED BY $ROLE"
    "$PSQL" -Xq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f on.sql
    ok check
    drop_backslashes
}

@test "a schema source may set it" {
    printf '%s\n' "SELECT set_config('standard_conforming_strings', 'off', false);" "CREATE TABLE t (v text DEFAULT 'it\\'s; here');" \
        'RESET standard_conforming_strings;' "COMMENT ON TABLE t IS 'C:\\';" >schema.sql
    project 'schema = schema.sql'
    ok diff --from schema --to database
    out_has "DROP TABLE"
    printf '%s\n' 'DO $$ BEGIN PERFORM set_config(format($f$standard_%s$f$, $f$conforming_strings$f$), $f$off$f$, false); END $$;' \
        "CREATE TABLE t (v text DEFAULT 'it\\'s; here');" >schema.sql
    ok diff --from database --to schema
    out_has "it''s; here"
}

@test "a marker inside a string is none, whatever a statement before it may have set" {
    local statement
    for statement in 'SET check_function_bodies = off;' 'DO $$ BEGIN END $$;' "SELECT count(*) FROM generate_series(1, 2);" \
        "CREATE PROCEDURE pr() LANGUAGE sql AS \$\$ SELECT '\\' \$\$;"; do
        rev aaa '' "CREATE TABLE kept (a int); CREATE TABLE t (a int); $statement
COMMENT ON TABLE t IS '\\';
COMMENT ON TABLE t IS 'x
-- cmig:downgrade
DROP TABLE kept; SELECT \$q\$';" "COMMENT ON TABLE kept IS '\$q\$; --'; DROP TABLE t; DROP PROCEDURE IF EXISTS pr();"
        ok upgrade head
        ok downgrade base
        sql_is "SELECT count(*) FROM pg_class WHERE relname = 'kept'" 1
        sql 'DROP TABLE kept'
    done
}

@test "a failed downgrade of a file that can only be read while it runs is recorded" {
    rev aaa '' "$T CREATE FUNCTION f(v text) RETURNS text LANGUAGE sql AS \$\$ SELECT set_config('standard_conforming_strings', v, false) \$\$;" \
        'DROP TABLE t; DROP FUNCTION f;'
    rev bbb aaa "SELECT f('off'); INSERT INTO t (v) VALUES ('it\\'s');" 'DROP TABLE missing;'
    PGOPTIONS='-c escape_string_warning=off' ok upgrade head
    fails 1 downgrade aaa
    err_has 'table "missing" does not exist'
    ok log
    out_has 'downgrade bbb  failed'
}

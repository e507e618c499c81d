#!/usr/bin/env bats
# Rows survive online plans: their parts are tried on sample rows, one after another and back.
load helper

setup() { source_project; }

# sides OLD NEW: the two schemas.
sides() {
    printf '%s\n' "$1" >one.sql
    printf '%s\n' "$2" >two.sql
}

# meddle WORD STATEMENT: an event trigger that runs the statement when the text of a command contains the word.
meddle() {
    echo "CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS \$\$
        BEGIN IF current_query() LIKE '%$1%' THEN $2; END IF; END\$\$;
        CREATE EVENT TRIGGER meddle ON ddl_command_end EXECUTE FUNCTION meddle();"
}

@test "a value that changes in a part of an online plan is not proven, and named" {
    local meddle
    meddle=$(meddle VALIDATE 'UPDATE public.t SET a = 7')
    sides "$meddle CREATE TABLE t (a int, b int);" "$meddle CREATE TABLE t (a int, b int CHECK (b IS NOT NULL));"
    ok diff --from one.sql --to two.sql
    fails 1 diff --online --from one.sql --to two.sql
    err_has 'the plan changed a value of public.t.a from ' ' to "7", and no comment says so' \
        'hint: omit --online to try a plan in one revision; or replace it with --unproven to get the plan, and correct it by hand'
    ok diff --unproven --from one.sql --to two.sql
    cp one.sql schema.sql
    ok revision --autogenerate -m start
    ok upgrade head
    cp two.sql schema.sql
    fails 1 revision --autogenerate --online -m change
    err_has 'changed a value of public.t.a'
    files_are migrations/versions "$(echo migrations/versions/*_start.sql) "
}

@test "a value that changes on the way back of an online plan is not proven, and named" {
    local meddle
    meddle=$(meddle 'DROP INDEX CONCURRENTLY' 'UPDATE public.t SET a = 7')
    sides "$meddle CREATE TABLE t (a int);" "$meddle CREATE TABLE t (a int); CREATE INDEX i ON t (a);"
    cp one.sql schema.sql
    ok revision --autogenerate -m start
    ok upgrade head
    cp two.sql schema.sql
    ok diff --online
    fails 1 revision --autogenerate --online -m change
    err_has 'the reverse plan changed a value of public.t.a from '
}

@test "a statement of an online plan that fails on rows, although the plan as one does not, gets a comment" {
    sides 'CREATE TABLE t (a int);' 'CREATE TABLE t (a int CONSTRAINT few CHECK (a < -900000), b float8 DEFAULT random());'
    ok diff --online --from one.sql --to two.sql
    out_has '-- may fail; on sample rows, the error was: new row for relation "t" violates check constraint "few"
DO $fill$'
    ok diff --from one.sql --to two.sql
    out_lacks 'may fail'
}

@test "an online plan whose statements fail on sample rows as their comments say is tried on fewer rows" {
    sides 'CREATE TABLE t (a bool, b int); CREATE INDEX i ON t (b);' \
        'CREATE TABLE t (a bool UNIQUE, b int CHECK (b > 5000000), c uuid NOT NULL DEFAULT gen_random_uuid()); CREATE UNIQUE INDEX i ON t ((b IS NULL));'
    ok diff --online --from one.sql --to two.sql
    out_has '-- fails if rows violate it: SELECT a, count(*)' 'CREATE UNIQUE INDEX CONCURRENTLY i__new'
}

@test "the sample rows of an online plan keep their values under their new names, and through enum values and rewrites" {
    sides "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id int, e e, v varchar(9), d date); CREATE VIEW w AS SELECT id FROM t;" \
        "-- cmig:rename t TO u
-- cmig:rename u.d TO u.day
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE u (id bigint PRIMARY KEY, e e NOT NULL DEFAULT 'c', v text COLLATE \"C\", day timestamp,
    r float8 NOT NULL DEFAULT random()); CREATE INDEX i ON u (v); CREATE VIEW w AS SELECT id FROM u;"
    cp one.sql schema.sql
    ok revision --autogenerate -m start
    ok upgrade head
    sql "INSERT INTO t VALUES (1, 'a', 'x', '2024-02-29'), (2, 'b', 'y', 'infinity')"
    cp two.sql schema.sql
    ok revision --autogenerate --online -m change
    ok upgrade head
    ok check
    sql_is 'SELECT id, e, v, day, r IS NOT NULL FROM u ORDER BY id' $'1|a|x|2024-02-29 00:00:00|t\n2|b|y|infinity|t'
}

@test "a generated column that the way back drops in one part and adds in another is said to be lost" {
    echo 'CREATE TABLE t (b int, c int GENERATED ALWAYS AS IDENTITY);' >schema.sql
    ok revision --autogenerate -m start
    ok upgrade head
    echo 'CREATE TABLE t (b int, c int GENERATED ALWAYS AS (b * 2) STORED);' >schema.sql
    ok revision --autogenerate --online -m change
    has "$(cat migrations/versions/*_change_rewrites.sql)" '-- cmig:downgrade

-- the data of COLUMN public.t.c is lost
ALTER TABLE public.t DROP COLUMN c;'
}

@test "a new column whose default uses the row type of its table is filled, and no trigger fires" {
    local table="CREATE TABLE c (id int); CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''fired''; END';
        CREATE TRIGGER refuse BEFORE UPDATE ON c FOR EACH ROW EXECUTE FUNCTION refuse();" way
    echo "$table" >schema.sql
    ok revision --autogenerate -m start --rev-id start
    ok upgrade head
    sql 'INSERT INTO c VALUES (1), (2)'
    echo "$table CREATE FUNCTION g(r c) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 7'; ALTER TABLE c ADD b int; ALTER TABLE c ALTER b SET DEFAULT g(NULL), ALTER b SET NOT NULL;" >schema.sql
    for way in --online ''; do
        ok revision --autogenerate $way -m change --rev-id change
        ok upgrade head
        ok check
        sql 'INSERT INTO c VALUES (3)'
        sql_is 'SELECT id, b FROM c ORDER BY id' $'1|7\n2|7\n3|7'
        ok downgrade start
        sql 'DELETE FROM c WHERE id = 3'
        rm migrations/versions/change*
    done
}

@test "a table and a column whose names end the quoting of the block that fills the column are filled" {
    echo 'CREATE TABLE "t$fill$" (a int);' >schema.sql
    ok revision --autogenerate -m start
    ok upgrade head
    sql 'INSERT INTO "t$fill$" VALUES (1), (2)'
    echo 'CREATE TABLE "t$fill$" (a int, "c$_fill$" float8 DEFAULT random());' >schema.sql
    ok revision --autogenerate --online -m change
    has "$(cat migrations/versions/*_change*.sql)" 'DO $__fill$'
    ok upgrade head
    ok check
    sql_is 'SELECT count("c$_fill$") FROM "t$fill$"' 2
}

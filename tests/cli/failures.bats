#!/usr/bin/env bats
# A failing statement is shown where it is: file, line, column, source line and caret.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# A statement that fails: fail_with UPGRADE-BLOCK, which begins in line 6.
fail_with() {
    rev aaa '' "$1"
    fails 1 upgrade head
    untouched
}

@test "a failing statement is shown with file, line, column, source line and caret" {
    fail_with 'CREATE TABLE users (id int);
SELECT id, nme FROM users;'
    err_is 'migrations/versions/aaa.sql:7:12: error: column "nme" does not exist
 7 | SELECT id, nme FROM users;
   |            ^
revision: aaa
SQLSTATE: 42703
state: nothing was changed; the database is at base, with nothing applied'
}

@test "the caret stands right behind tabs" {
    fail_with $'\tSELECT\t1,\tnme;'
    err_has aaa.sql:6:12 $' 6 | \tSELECT\t1,\tnme;\n   | \t      \t  \t^'
}

@test "the caret stands right behind UTF-8" {
    fail_with "SELECT 'äöü €', nme;"
    err_has aaa.sql:6:17 $' 6 | SELECT \'äöü €\', nme;\n   |                 ^'
}

@test "UTF-8 in earlier lines and statements moves neither line nor column" {
    fail_with "-- ééé
SELECT 'ééé', '€'; SELECT 'é',
       nme;"
    err_has aaa.sql:8:8 $' 8 |        nme;\n   |        ^'
}

@test "with CRLF the place is right and no carriage return is shown" {
    printf -- '-- ---\r\n-- revision: aaa\r\n-- ---\r\n-- cmig:upgrade\r\nSELECT 1;\r\nSELECT\r\n  nme;\r\n' | file aaa.sql
    fails 1 upgrade head
    err_has aaa.sql:7:3: $' 7 |   nme;\n   |   ^'
    err_lacks $'\r'
}

@test "of several statements on one line the right one is marked" {
    fail_with "SELECT 1; SELECT 'x;y'; SELECT nme; SELECT nme2;"
    err_has aaa.sql:6:32 $' 6 | SELECT 1; SELECT \'x;y\'; SELECT nme; SELECT nme2;\n   |                                ^'
}

@test "an error in the third line of a statement is shown there" {
    fail_with 'CREATE TABLE a (id int);
SELECT id
  FROM a
 WHERE nme = 1;'
    err_has aaa.sql:9:8 $' 9 |  WHERE nme = 1;\n   |        ^'
}

@test "an error in a late statement of a big batch is shown at its place" {
    rev aaa '' "CREATE TABLE a (id int, t text);
$(printf "INSERT INTO a VALUES (%d, 'é');\n" {1..3000})
INSERT INTO a VALUES (1, nme);
$(printf "INSERT INTO a VALUES (%d, 'x');\n" {1..3000})"
    fails 1 upgrade head
    err_has aaa.sql:3007:26 $' 3007 | INSERT INTO a VALUES (1, nme);\n      |                          ^'
    untouched
}

@test "an error in the second revision of a batch names that file" {
    chain
    rev bbb aaa 'SELECT 1;
SELECT nme;'
    fails 1 upgrade head
    err_has migrations/versions/bbb.sql:7:8 'revision: bbb'
    untouched
}

@test "an error without a position, such as a unique violation, points to the statement, with DETAIL" {
    fail_with 'CREATE TABLE a (id int PRIMARY KEY);
INSERT INTO a VALUES (1); INSERT INTO a VALUES (1);
INSERT INTO a VALUES (2);'
    err_has aaa.sql:7:27 'error: duplicate key' $'\n   |                           ^' 'DETAIL: Key (id)=(1) already exists.' 'SQLSTATE: 23505'
}

@test "an error without a position late in a batch points to its own statement" {
    fail_with "CREATE TABLE a (id int PRIMARY KEY);
$(printf 'INSERT INTO a VALUES (%d);\n' {1..500})
INSERT INTO a VALUES (77);"
    err_has aaa.sql:507:1 'Key (id)=(77)'
}

@test "an error of a deferred constraint at the commit is told with its SQLSTATE" {
    rev aaa '' 'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a DEFERRABLE INITIALLY DEFERRED);
INSERT INTO b VALUES (1);'
    fails 1 upgrade head
    err_has 'SQLSTATE: 23503' 'state: nothing was changed'
    untouched
}

@test "an error in a DO block points to the block and gives the CONTEXT" {
    fail_with 'SELECT 1;
DO $$
BEGIN
    PERFORM 1 / 0;
END $$;'
    err_has aaa.sql:7:1 'division by zero' 'CONTEXT: ' 'inline_code_block line 3' 'SQLSTATE: 22012'
}

@test "an error raised with DETAIL, HINT and ERRCODE shows them all" {
    fail_with "DO \$\$ BEGIN RAISE 'too bad' USING DETAIL = 'the detail', HINT = 'the hint', ERRCODE = 'AB123'; END \$\$;"
    err_has 'error: too bad' 'DETAIL: the detail' 'HINT: the hint' 'SQLSTATE: AB123' 'CONTEXT: PL/pgSQL'
}

@test "an error in COPY data names the file and the line of the data" {
    fail_with $'CREATE TABLE a (id int);\nCOPY a FROM stdin;\n1\nx\n3\n\\.'
    err_has aaa.sql:9:1: 'invalid input syntax' 'CONTEXT: COPY a, line 2, column id: "x"' 'SQLSTATE: 22P02'
}

@test "COPY into a table that is not there is shown at the table's name" {
    fail_with $'SELECT 1;\nCOPY nope FROM stdin;\n1\n\\.\nSELECT 2;'
    err_has aaa.sql:7: 'relation "nope" does not exist' 'SQLSTATE: 42P01'
}

@test "a syntax error where a statement should go on is shown at that statement" {
    fail_with 'CREATE TABLE a (id int);
CREATE TABLE b (id int'
    err_has aaa.sql:7: $' 7 | CREATE TABLE b (id int\n' 'syntax error' 'SQLSTATE: 42601'
}

@test "a syntax error at the semicolon is shown there" {
    fail_with 'CREATE TABLE a (id int);
SELECT 1 +;
SELECT 2;'
    err_has aaa.sql:7:11 $' 7 | SELECT 1 +;\n   |           ^' 'SQLSTATE: 42601'
}

@test "an error in the body of a new function is shown in the body" {
    fail_with 'SELECT 1;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$
    SELECT nope
$$;'
    err_has aaa.sql:8:12 $' 8 |     SELECT nope\n   |            ^'
}

@test "an error early in much COPY data is shown like any other" {
    fail_with "CREATE TABLE a (id int);
COPY a FROM stdin;
x
$(seq 300000)
\\."
    err_has aaa.sql:8:1: 'CONTEXT: COPY a, line 1, column id: "x"'
}

@test "with -x variables the place of an error is right" {
    rev aaa '' 'SELECT 1;
SELECT nme;'
    fails 1 -x 'who=é' -x b=2 upgrade head
    err_has aaa.sql:7:8 $' 7 | SELECT nme;\n   |        ^'
}

@test "a source line of 5,000 characters is shown as the part around the caret" {
    fail_with "SELECT '$(printf 'é%.0s' {1..4000})', nme, '$(printf 'x%.0s' {1..1000})';"
    err_has aaa.sql:6:4012
    local source caret
    source=$(grep ' 6 | ' <<<"$err")
    caret=$(grep '^   | ' <<<"$err")
    [ "${#source}" -lt 400 ]
    source=$(sed 's/é/e/g' <<<"$source")
    same "${source:$((${#caret} - 1)):3}" nme
}

@test "control characters of the source do not reach the terminal" {
    fail_with $'SELECT \'\e]0;x\a\', nme;'
    err_lacks $'\e' $'\a'
}

@test "a failing statement prints nothing on stdout" {
    fail_with 'SELECT nope;'
    out_is ''
}

@test "the search_path of PGOPTIONS is respected" {
    chain
    sql 'CREATE SCHEMA other'
    export PGOPTIONS='-c search_path=other'
    ok upgrade head
    sql_is "SELECT count(*) FROM pg_tables WHERE schemaname = 'other'" 5
}

@test "lock_timeout ends the wait for a lock, and the hint says where to look" {
    project 'lock_timeout = 50ms'
    rev aaa '' 'SELECT pg_advisory_lock(1);'
    hold
    fails 1 upgrade head
    err_has aaa.sql:6:1 'lock timeout' 'SQLSTATE: 55P03' 'HINT: '
    untouched
}

@test "statement_timeout ends a statement" {
    project 'statement_timeout = 50ms'
    fail_with 'SELECT pg_sleep(20);'
    err_has aaa.sql:6:1 'statement timeout' 'SQLSTATE: 57014'
}

@test "a connection that the server ends is told, and nothing is changed" {
    rev aaa '' 'CREATE TABLE a (id int);
SELECT pg_terminate_backend(pg_backend_pid());'
    fails 1 upgrade head
    err_has connection aaa.sql:7:1 'state: '
    untouched
}

@test "where memory ends, one line says so, and the status is 1" {
    project
    head -c 200000000 /dev/zero | tr '\0' '#' >>migrate.ini
    status=0
    (ulimit -v 150000 && "$CMIG" history) >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
    took 'cmig history, with little memory'
    [[ $err != *AddressSanitizer* ]] || skip 'AddressSanitizer needs more memory than there is'
    same "$status $err" '1 cmig: error: out of memory'
}

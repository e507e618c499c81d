#!/usr/bin/env bats
# What the blocks of a revision file may hold, and what is refused, with file, line and the way out.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# refused TEXT...: the upgrade fails with these texts, and has done nothing.
refused() {
    fails 1 upgrade head
    err_has "$@"
    untouched
}

# Whether an upgrade block, which begins in line 5 and is followed by a downgrade block, runs.
runs() {
    { header aaa && printf -- '-- cmig:upgrade\n%s\n-- cmig:downgrade\nSELECT 1;\n' "$1"; } | file aaa.sql
    ok upgrade head
    rows_are aaa
}

# ---------------------------------------------------------------- markers

@test "blocks may stand in any order" {
    { header aaa && printf -- '-- cmig:downgrade\nDROP TABLE a;\n-- cmig:upgrade\nCREATE TABLE a ();\n'; } | file aaa.sql
    ok upgrade head
    tables_are a
    ok downgrade base
    tables_are ''
}

@test "a marker twice is an error with the line of the second" {
    { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a ();\n-- cmig:upgrade\nSELECT 1;\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql:6 cmig:upgrade twice 'hint: '
}

@test "the other marker twice is an error too" {
    { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a ();\n-- cmig:downgrade\n-- cmig:downgrade\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql:7 cmig:downgrade twice
}

@test "an unknown marker is an error that names the nearest" {
    { header aaa && printf -- '-- cmig:upgarde\nCREATE TABLE a ();\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql:4 cmig:upgarde 'cmig:upgrade'
}

@test "SQL before the first marker is an error" {
    { header aaa && printf -- 'CREATE TABLE a ();\n-- cmig:upgrade\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql:4:1 'hint: ' 'cmig:upgrade'
}

@test "a file without the upgrade marker is an error that says so" {
    { header aaa && printf -- '-- cmig:downgrade\nSELECT 1;\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql '-- cmig:upgrade' 'hint: '
}

@test "a file without the downgrade marker upgrades, and refuses the downgrade" {
    { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a ();\n'; } | file aaa.sql
    ok upgrade head
    fails 1 downgrade base
    err_has migrations/versions/aaa.sql '-- cmig:downgrade' 'hint: '
    rows_are aaa
    tables_are a
}

@test "an empty upgrade block is nothing to do, on purpose" {
    { header aaa && printf -- '-- cmig:upgrade\n-- cmig:downgrade\n'; } | file aaa.sql
    ok upgrade head
    rows_are aaa
    log_is 'upgrade aaa'
    ok downgrade base
    rows_are ''
}

@test "a block of comments and semicolons is empty" {
    runs '-- nothing
;; /* nothing */ ;
-- at all'
}

@test "a marker line may be indented nowhere, but spaced inside" {
    { header aaa && printf -- '--cmig:upgrade   \nCREATE TABLE a ();\n--   cmig:downgrade\nDROP TABLE a;\n'; } | file aaa.sql
    ok upgrade head
    tables_are a
    ok downgrade base
    tables_are ''
}

@test "a marker inside a dollar-quoted body is none" {
    runs 'CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
-- cmig:downgrade
RETURN $$
-- cmig:upgrade
$$;
END $body$;'
    sql_is 'SELECT f()' $'\n-- cmig:upgrade'
}

@test "a marker inside a string is none" {
    runs "CREATE TABLE a AS SELECT 'it''s
-- cmig:downgrade
;'::text AS t;"
    sql_is 'SELECT t FROM a' "it's
-- cmig:downgrade
;"
}

@test "a marker inside an E'' string with an escaped quote is none" {
    runs "CREATE TABLE a AS SELECT E'\\\\\\'
-- cmig:downgrade
;'::text AS t;"
    sql_is 'SELECT t FROM a' "\\'
-- cmig:downgrade
;"
}

@test "a marker inside a quoted name is none" {
    runs 'CREATE TABLE "a""
-- cmig:downgrade
;" ();'
    tables_are 'a"
-- cmig:downgrade
;'
}

@test "a marker inside nested comments is none" {
    runs '/* one /* two
-- cmig:downgrade
*/
-- cmig:downgrade
'"'"' $$ " */ CREATE TABLE a ();'
    tables_are a
}

@test "a marker inside a line comment is none" {
    runs '-- see -- cmig:downgrade
CREATE TABLE a (); -- as cmig:downgrade says
CREATE TABLE b ( -- cmig: no marker
);'
    tables_are 'a b'
}

@test "a marker that is indented, behind a statement or in capitals is refused, and nothing below it runs" {
    local marker
    for marker in '  -- cmig:downgrade' $'\t--cmig:downgrade' 'CREATE TABLE b (); -- cmig:downgrade' '-- CMIG:DOWNGRADE' \
        '-- Cmig:downgrade' 'SELECT 1 -- cmig:Upgrade'; do
        { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a ();\n%s\nDROP TABLE a;\n' "$marker"; } | file aaa.sql
        refused 'aaa.sql:6:' marker 'hint: '
    done
}

@test "a marker inside COPY data is data" {
    runs 'CREATE TABLE a (t text);
COPY a FROM stdin;
-- cmig:downgrade
-- cmig:nonsense
it'"'"'s $$ /* " ;
\.
CREATE TABLE b ();'
    sql_is 'SELECT t FROM a LIMIT 1' '-- cmig:downgrade'
    sql_is 'SELECT count(*) FROM a' 3
    tables_are 'a b'
}

@test "what is never closed is an error with the place where it begins" {
    local open
    for open in "'not closed" 'E'"'"'not closed\'"'" '"not closed' '$$ not closed' '$a$ not closed $$' '/* not /* closed */'; do
        { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a ();\nSELECT %s\n;\n-- cmig:downgrade\n' "$open"; } | file aaa.sql
        refused migrations/versions/aaa.sql:6:8 'never closed' 'hint: '
    done
}

# ---------------------------------------------------------------- blocks

@test "a block needs no semicolon at its end" {
    runs 'CREATE TABLE a (); CREATE TABLE b ()'
    tables_are 'a b'
}

@test "a block needs no semicolon before a comment at its end" {
    runs 'CREATE TABLE a ()
-- that was it'
    tables_are a
}

@test "a file needs no newline at its end" {
    { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a ()'; } | file aaa.sql
    ok upgrade head
    tables_are a
}

@test "statements may stand on one line, or begin in the middle of one" {
    runs 'CREATE TABLE a (); CREATE TABLE b
(); CREATE
TABLE c ();'
    tables_are 'a b c'
}

@test "dollar quotes, strings, comments and parentheses hide semicolons" {
    runs "CREATE TABLE a AS SELECT ';'::text AS t, \$\$;\$\$::text AS u, \$x\$;\$\$;\$x\$::text AS v /* ; */, E'\\';'::text AS w -- ;
; CREATE RULE r AS ON INSERT TO a DO INSTEAD (SELECT 1; SELECT 2);"
    sql_is 'SELECT * FROM a' ";|;|;\$\$;|';"
}

@test "strings that go on over lines, U& and B strings, and \$1 in names are understood" {
    runs "CREATE TABLE a\$b\$ AS SELECT 'one'
  'two;'::text AS t, U&'\\0041;'::text AS u, B'01' AS b, E'a'
  'b\\';c'::text AS e;"
    sql_is 'SELECT t, u, e FROM a$b$' "onetwo;|A;|ab';c"
}

@test "BEGIN ATOMIC functions are one statement, CASE ... END included" {
    [ "$(sql 'SHOW server_version_num')" -ge 140000 ] || skip 'BEGIN ATOMIC is of PostgreSQL 14'
    runs 'CREATE TABLE a (id int);
CREATE OR REPLACE FUNCTION f(n int) RETURNS text LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO a VALUES (n);
    SELECT CASE WHEN n > 1 THEN CASE n WHEN 2 THEN $$two$$ ELSE $$more$$ END ELSE $$one$$ END AS "end";
END;
CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO a VALUES (7); END;
CREATE TABLE b ();'
    sql_is 'SELECT f(2)' two
    sql_is 'SELECT count(*) FROM a' 1
    tables_are 'a b'
}

@test "columns and functions called begin, end, copy, commit or stdin are no keywords" {
    runs 'CREATE TABLE copy ("begin" int, commit int, start int, stdin int); ALTER TABLE copy RENAME COLUMN start TO abort;
SELECT c.commit, c.begin FROM copy c; INSERT INTO copy (commit) SELECT 1; PREPARE x AS SELECT 1; DEALLOCATE x;'
    tables_are copy
}

@test "COPY FROM stdin takes its data, tabs, escapes and NULLs included" {
    runs $'CREATE TABLE a (id int, t text);\nCOPY a (id, t) FROM stdin;\n1\tone\\ttab\n2\t\\N\n3\t\\\\.\n\\.\nINSERT INTO a VALUES (4, \'four\');'
    sql_is 'SELECT count(*), count(t), max(t) FILTER (WHERE id = 3), max(t) FILTER (WHERE id = 1) FROM a' $'4|3|\\.|one\ttab'
}

@test "COPY FROM stdin takes CSV, options, and no data at all" {
    runs $'CREATE TABLE a (id int, t text);\nCOPY a FROM STDIN WITH (FORMAT csv, HEADER true);\nid,t\n1,"a;\n-- cmig:downgrade"\n\\.\ncopy "a" from\n  stdin;\n\\.\nSELECT 1;'
    sql_is 'SELECT t FROM a' $'a;\n-- cmig:downgrade'
}

@test "COPY of 100,000 rows arrives whole" {
    runs "CREATE TABLE a (id int);
COPY a FROM stdin;
$(seq 100000)
\\."
    sql_is 'SELECT count(*), sum(id) FROM a' '100000|5000050000'
}

@test "COPY data without its end is an error with the line of the COPY" {
    { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a (id int);\nCOPY a FROM stdin;\n1\n-- cmig:downgrade\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql:6 'COPY' 'hint: ' '\.'
}

@test "COPY TO and COPY FROM a program or file are plain statements" {
    runs "CREATE TABLE a (id int); COPY (SELECT 1) TO '/dev/null'; COPY a FROM '/dev/null';"
    tables_are a
}

@test "pg_dump's plain output runs, restrict lines and search_path included" {
    runs '\restrict 0123456789abcdef
SET statement_timeout = 0;
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('"'search_path'"', '"''"', false);
SET check_function_bodies = false;
CREATE TABLE public.users (id bigint NOT NULL, name text);
COPY public.users (id, name) FROM stdin;
1	it'"'"'s
2	\N
\.


ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
\unrestrict 0123456789abcdef'
    sql_is 'SELECT count(*), count(name) FROM users' '2|1'
    sql_is 'SELECT version_num FROM public.cmig_version' aaa
}

@test "pg_dump's output of a whole database brings the same tables to another" {
    local dump=${PSQL%psql}pg_dump
    command -v "$dump" >/dev/null || skip 'no pg_dump'
    [ "$(program_major "$dump")" -ge "$(server_major)" ] || skip 'this pg_dump is older than the server, and refuses it'
    sql "CREATE TABLE u (id serial PRIMARY KEY, t text DEFAULT 'it''s'); INSERT INTO u (t) VALUES (E'a\\tb;'), (NULL);
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN RETURN NEW; END \$\$;
         CREATE TRIGGER tr BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION f();"
    "$dump" -d "$DB" >dump.sql
    sql 'DROP TABLE u; DROP FUNCTION f'
    runs "$(cat dump.sql)"
    sql_is 'SELECT count(*), max(t) FROM u' $'2|a\tb;'
    sql_is "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'u'::regclass" 1
}

@test "pg_dump's output with large objects runs in the transaction of the revision" {
    local dump=${PSQL%psql}pg_dump
    command -v "$dump" >/dev/null || skip 'no pg_dump'
    [ "$(program_major "$dump")" -ge "$(server_major)" ] || skip 'this pg_dump is older than the server, and refuses it'
    sql "SELECT lo_from_bytea(16400, decode(repeat('61', 20000), 'hex')); SELECT lo_create(16401);
         COMMENT ON LARGE OBJECT 16401 IS 'it; is'; CREATE TABLE t (o oid); INSERT INTO t VALUES (16400)"
    "$dump" -d "$DB" >dump.sql
    sql "SELECT lo_unlink(oid) FROM pg_largeobject_metadata; DROP TABLE t"
    { header aaa && echo '-- cmig:upgrade' && cat dump.sql; } | file aaa.sql
    rev bbb aaa 'SELECT 1 / 0;'
    fails 1 upgrade head # all or nothing still holds
    sql_is 'SELECT count(*) FROM pg_largeobject_metadata' 0
    ok upgrade aaa
    sql_is 'SELECT length(lo_get(16400)), length(lo_get(16401)), lo_get(o) = lo_get(16400) FROM t' '20000|0|t'
    sql "SELECT lo_unlink(oid) FROM pg_largeobject_metadata; DROP TABLE t, cmig_version, cmig_log"
    ok upgrade --sql aaa
    "$PSQL" -Xq -v ON_ERROR_STOP=1 -d "$DB" -f - <<<"$out" >/dev/null 2>warnings
    same "$(cat warnings)" ''
    sql_is 'SELECT length(lo_get(16400)), length(lo_get(16401))' '20000|0'
}

@test "any other backslash command is an error that names it" {
    local command
    for command in '\connect other' '\i file.sql' '\echo hello' '\copy a from b' '\gexec'; do
        { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a ();\n%s\n' "$command"; } | file aaa.sql
        refused migrations/versions/aaa.sql:6:1 "\"${command%% *}\"" 'hint: '
    done
}

@test "a backslash command behind a statement is an error that names it" {
    { header aaa && printf -- '-- cmig:upgrade\nSELECT 1 \\g\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql:5:10 '\g'
}

@test "BEGIN, COMMIT, ROLLBACK and their like are refused before anything runs, with their place" {
    local word
    for word in BEGIN 'begin work' 'START TRANSACTION' COMMIT 'Commit And Chain' END ROLLBACK ABORT "PREPARE TRANSACTION 'x'"; do
        { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a ();\n  %s;\n' "$word"; } | file aaa.sql
        refused migrations/versions/aaa.sql:6:3 "${word%% *}" 'transaction: false' 'state: nothing was changed'
    done
}

@test "COMMIT in the last of several revisions is refused before the first runs" {
    chain
    rev ccc bbb 'CREATE TABLE c (id int);
COMMIT;'
    refused migrations/versions/ccc.sql:7:1 COMMIT
    err_lacks 'upgrade <base>'
}

@test "COMMIT in front of which a comment stands is refused" {
    { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a (); /* now */ COMMIT\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql:5:30 COMMIT
}

@test "savepoints are allowed" {
    runs 'CREATE TABLE a (); SAVEPOINT s; CREATE TABLE b (); ROLLBACK TO SAVEPOINT s; ROLLBACK TRANSACTION TO s; RELEASE s;'
    tables_are a
}

@test "a line of 3 MB is one statement like any other" {
    runs "CREATE TABLE a AS SELECT '$(head -c 3000000 /dev/zero | tr '\0' x)'::text AS t;"
    sql_is 'SELECT length(t) FROM a' 3000000
}

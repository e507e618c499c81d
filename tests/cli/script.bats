#!/usr/bin/env bats
# upgrade --sql and downgrade --sql print a script that, run by psql, does what the online run does.
load helper

setup() {
    fresh_folder
    fresh_database
    project
    OTHER=''
}

teardown() {
    cd /
    if [ -n "${OTHER:-}" ]; then DB='' sql "DROP DATABASE $OTHER WITH (FORCE)"; fi
    if [ -n "${DB:-}" ]; then leave_database; fi
}

# Another database, on which the scripts run.
other_database() {
    OTHER=${DB}_other
    sql "CREATE DATABASE $OTHER"
}

# What there is in a database: tables, indexes, constraints, functions, rows, and the log but its times.
STATE="
SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull)
  FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
 WHERE c.oid >= 16384 AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped ORDER BY 1;
SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index WHERE indexrelid >= 16384 AND indrelid::regclass::text !~ '^pg_toast' ORDER BY 1;
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE oid >= 16384 ORDER BY 1, 2;
SELECT pg_get_functiondef(oid) FROM pg_proc WHERE oid >= 16384 ORDER BY 1;
SELECT c.oid::regclass, query_to_xml('SELECT * FROM ' || c.oid::regclass || ' t ORDER BY t::text', true, true, '')
  FROM pg_class c WHERE c.oid >= 16384 AND relkind = 'r' AND relname <> 'cmig_log' ORDER BY 1;
SELECT revision, direction, message, checksum, run_by, cmig_version FROM cmig_log WHERE error IS NULL ORDER BY id;"
state() { DB=$1 sql "$STATE"; }

# As the program wrote it, to the byte, after `cmig ... --sql`.
keep_script() { cp "$BATS_TEST_TMPDIR/out" script.sql; }

# run_script DATABASE: by psql, as the script itself says.
run_script() { PGOPTIONS='-c client_min_messages=warning' "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$1" -f script.sql; }

# script_fails DATABASE TEXT...: psql ends with an error that has all texts.
script_fails() {
    status=0
    run_script "$1" >answer 2>&1 || status=$?
    cat answer
    [ "$status" -ne 0 ]
    has "$(cat answer)" "${@:2}"
}

# both upgrade|downgrade TARGET [OPTION]...: the program on one database, its script on the other, with the same end.
both() {
    [ -n "$OTHER" ] || other_database
    ok "${@:3}" "$1" "$2"
    DATABASE_URL=postgresql:///$OTHER ok "${@:3}" "$1" --sql "current:$2"
    keep_script
    run_script "$OTHER"
    same "$(state "$OTHER")" "$(state "$DB")"
}

# ---------------------------------------------------------------- the same as online

@test "the script of upgrade --sql head does what upgrade head does" {
    chain
    other_database
    ok upgrade --sql head
    keep_script
    ok upgrade head
    run_script "$OTHER"
    same "$(state "$OTHER")" "$(state "$DB")"
}

@test "the script of upgrade --sql A:B goes on from A" {
    chain
    ok upgrade aaa
    ok upgrade --sql aaa:ccc
    keep_script
    run_script "$DB"
    rows_are ccc
    tables_are 'a b c'
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc'
}

@test "the script of downgrade --sql A:B goes back" {
    chain
    ok upgrade head
    ok downgrade --sql ccc:aaa
    keep_script
    run_script "$DB"
    rows_are aaa
    tables_are a
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc, downgrade ccc, downgrade bbb'
}

@test "scripts go up and down a chain as the program does" {
    chain
    both upgrade aaa
    both upgrade +1
    both upgrade head
    both downgrade -1
    both downgrade base
    both upgrade heads
}

@test "scripts go through branches, merges and dependencies as the program does" {
    fork
    rev ddd '[bbb, ccc]' 'CREATE TABLE d ();' 'DROP TABLE d;'
    rev xxx '' 'CREATE TABLE x ();' 'DROP TABLE x;' 'branch_labels: side'
    rev yyy xxx 'CREATE TABLE y ();' 'DROP TABLE y;' 'depends_on: bbb'
    both upgrade yyy
    both upgrade heads
    both downgrade side@base
    both upgrade side@head
    both downgrade bbb
    both downgrade base
}

@test "COPY data runs the same" {
    file aaa.sql <<'SQL'
-- ---
-- revision: aaa
-- ---
-- cmig:upgrade
CREATE TABLE t (a text, b text);
COPY t (a, b) FROM stdin;
one	two; -- three
\N	\\x\ttab
-- cmig:downgrade	'
é表	$$
\.
CREATE TABLE u ();
-- cmig:downgrade
DROP TABLE t, u;
SQL
    both upgrade head
    both downgrade base
}

@test "COPY data as CSV runs the same" {
    [ "$(server_major)" -lt 18 ] || [ "$(program_major "$PSQL")" -ge 18 ] ||
        skip 'psql before 18 sends the \. behind CSV to the server, and a server of 18 takes it for data'
    file aaa.sql <<'SQL'
-- ---
-- revision: aaa
-- ---
-- cmig:upgrade
CREATE TABLE t (a text, b text);
COPY t FROM stdin WITH (FORMAT csv);
"a, ""b""",c
:DBNAME,\q
\.
CREATE TABLE u ();
-- cmig:downgrade
DROP TABLE t, u;
SQL
    both upgrade head
    both downgrade base
}

@test "dollar quotes, comments and functions run the same" {
    file aaa.sql <<'SQL'
-- ---
-- revision: aaa
-- ---
-- cmig:upgrade
CREATE TABLE t (a text, b int[]); -- \q ; ' $$
/* \! touch broken ; /* nested */ ' */
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN EXECUTE 'SELECT 1;'; RETURN 1; END $body$;
CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);
DO $$ BEGIN INSERT INTO t VALUES ($x$-- cmig:downgrade$x$, '{1,2,3}'); END $$;
INSERT INTO t SELECT E'it\'s; \\' || 'C:\new' || ':DBNAME :x', b[1:2] FROM t;
INSERT INTO t VALUES ('two
lines', NULL);
-- cmig:downgrade
SQL
    both upgrade head
    [ ! -e broken ]
}

@test "a function whose body is SQL itself runs the same" {
    [ "$(sql 'SHOW server_version_num')" -ge 140000 ] || skip 'the server has no BEGIN ATOMIC'
    rev aaa '' 'CREATE FUNCTION f(x int) RETURNS int BEGIN ATOMIC SELECT x; SELECT CASE WHEN x > 1 THEN 2 ELSE 3 END; END; CREATE TABLE a ();' \
        'DROP TABLE a; DROP FUNCTION f;'
    both upgrade head
    both downgrade base
}

@test "a last statement without ; runs the same, also when a comment follows it" {
    rev aaa '' 'CREATE TABLE a ()' 'DROP TABLE a -- the last'
    rev bbb aaa $'CREATE TABLE b ()\n-- the end' $'DROP TABLE b /* the end */'
    rev ccc bbb 'CREATE TABLE c () -- the end' $'\n'
    rev ddd ccc '' ''
    both upgrade head
    both downgrade base
    rows_are ''
    tables_are c
}

@test "transaction: false runs the same, between others that are in one" {
    chain
    rev bbb aaa 'CREATE INDEX CONCURRENTLY a_id ON a (id);' 'DROP INDEX CONCURRENTLY a_id;' 'transaction: false'
    rev ddd ccc $'CREATE TABLE d (id int);\nCREATE INDEX CONCURRENTLY d_id ON d (id)' 'DROP TABLE d' 'transaction: false'
    both upgrade head
    both downgrade aaa
}

@test "transaction_per_migration runs the same, and keeps what came before a failure" {
    project 'transaction_per_migration = true'
    chain
    both upgrade head
    both downgrade base
    rev ccc bbb 'CREATE TABLE c (id int); SELECT nope;' 'DROP TABLE c;'
    ok upgrade --sql head
    keep_script
    fails 1 upgrade head
    script_fails "$OTHER" nope
    same "$(state "$OTHER")" "$(state "$DB")"
    rows_are bbb
}

@test "-x variables and --tag are known in the script" {
    rev aaa '' "CREATE TABLE t AS SELECT current_setting('cmig.who') AS who, current_setting('cmig.tag', true) AS tag;" 'DROP TABLE t;'
    rev bbb aaa "INSERT INTO t SELECT current_setting('cmig.who');" "DELETE FROM t;"
    both upgrade head -x "who=it's \"né\" \\ :DBNAME; \$\$" --tag v1
    sql_is 'SELECT who FROM t LIMIT 1' "it's \"né\" \\ :DBNAME; \$\$"
}

@test "a search_path, role or time zone that one revision sets is not the next one's" {
    rev aaa '' 'CREATE SCHEMA s; SET search_path = s; CREATE TABLE a (); SET TIME ZONE -5; SET ROLE pg_monitor;' ''
    rev bbb aaa "CREATE TABLE b AS SELECT current_user::text AS u, current_setting('timezone') AS z, current_schemas(false)::text AS s;" 'DROP TABLE b;'
    both upgrade head
    sql_is "SELECT to_regclass('s.a') IS NOT NULL AND to_regclass('public.b') IS NOT NULL" t
    rows_are bbb
}

@test "standard_conforming_strings that a revision turns off is not the next one's" {
    rev aaa '' $'CREATE TABLE t (a text);\nSET standard_conforming_strings = off; SET escape_string_warning = off;\nINSERT INTO t VALUES (\'a\\\'b; c\');' ''
    rev bbb aaa $'INSERT INTO t VALUES (\'C:\\\');' ''
    both upgrade head
}

@test "text beyond ASCII is the same, whatever the encoding of the client" {
    rev aaa '' "CREATE TABLE \"é表\" AS SELECT 'ñ🚀' AS t;" 'DROP TABLE "é表";' 'message: añadir 表 🚀'
    rev bbb aaa "INSERT INTO \"é表\" VALUES ('ü');" '' 'message: ü' 'transaction: false'
    both upgrade head
    DB=$OTHER
    sql 'DROP TABLE "é表", cmig_version, cmig_log'
    DB=${OTHER%_other}
    ok upgrade --sql head
    keep_script
    PGCLIENTENCODING=LATIN1 run_script "$OTHER"
    same "$(state "$OTHER")" "$(state "$DB")"
}

@test "a version table beyond ASCII is the same, whatever the encoding of the client" {
    project 'version_table = versión' 'log_table ='
    chain
    ok upgrade --sql head
    keep_script
    PGCLIENTENCODING=LATIN1 run_script "$DB"
    sql_is 'SELECT version_num FROM "versión"' ccc
    ok stamp --sql ccc:aaa
    keep_script
    PGCLIENTENCODING=LATIN1 run_script "$DB"
    sql_is 'SELECT version_num FROM "versión"' aaa
}

@test "pg_dump's plain output runs the same" {
    file aaa.sql <<'SQL'
-- ---
-- revision: aaa
-- ---
-- cmig:upgrade
\restrict abcDEF
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.t (a text DEFAULT 'é'::text);
COPY public.t (a) FROM stdin;
ü
\.
\unrestrict abcDEF
SQL
    rev bbb aaa "INSERT INTO t DEFAULT VALUES;" ''
    both upgrade head
}

@test "names and schemas of the tables that need quotes are the same" {
    project 'version_table = My "table"; --' 'log_table = :log' 'version_table_schema = the schema'
    sql 'CREATE SCHEMA "the schema"'
    chain
    ok upgrade --sql bbb
    keep_script
    run_script "$DB"
    ok current
    out_is bbb
    ok upgrade head
    sql_is 'SELECT count(*) FROM "the schema".":log"' 3
}

@test "files with a BOM and CRLF run the same" {
    printf '\xef\xbb\xbf-- ---\r\n-- revision: aaa\r\n-- ---\r\n-- cmig:upgrade\r\nCREATE TABLE t (a text);\r\nCOPY t FROM stdin;\r\none\r\n\\.\r\nSELECT 1\r\n' >migrations/versions/aaa.sql
    printf '\xef\xbb\xbf-- ---\r\n-- revision: bbb\r\n-- down_revision: aaa\r\n-- ---\r\n-- cmig:upgrade\r\nCREATE TABLE u ();' >migrations/versions/bbb.sql
    both upgrade head
}

@test "a colon before the name of a psql variable stays text" {
    rev aaa '' "CREATE TABLE t AS SELECT ('{1,2,3}'::int[])[lo:PORT] AS part FROM (SELECT 1 AS lo, 2 AS port) x;" 'DROP TABLE t;'
    both upgrade head
}

@test "lock_timeout and statement_timeout of the project hold in the script too" {
    project 'lock_timeout = 7s' 'statement_timeout = 11min'
    rev aaa '' "CREATE TABLE t AS SELECT current_setting('lock_timeout') AS l, current_setting('statement_timeout') AS s;" ''
    both upgrade head
}

# random_graph SEED: twelve revisions r00 to r11 with branches, merges, several bases and dependencies, each of which
# writes down what has run before it; so a script that takes another order leaves other rows. One in four does not
# run in the transaction of its neighbours.
random_graph() {
    mkdir -p migrations/versions
    awk -v seed="$1" -v folder=migrations/versions '
    function name(i) { return sprintf("r%02d", i) }
    function any(n) { return int(rand() * n) }
    function inherit(i, j,   k) { for (k = 0; k < 12; k++) if (k == j || (j, k) in has) has[i, k] }
    BEGIN {
        srand(seed)
        for (i = 0; i < 12; i++) {
            down = depends = ""
            if (i > 0 && rand() < 0.85) {
                a = any(i); inherit(i, a); down = name(a)
                b = any(i)
                if (rand() < 0.35 && a != b && !((a, b) in has) && !((b, a) in has)) {
                    inherit(i, b)
                    down = "[" down ", " name(b) "]"
                }
            }
            c = i ? any(i) : 0
            if (i > 0 && rand() < 0.3 && !((i, c) in has)) { inherit(i, c); depends = name(c) }
            file = folder "/" name(i) ".sql"
            printf "-- ---\n-- revision: %s\n-- down_revision: %s\n-- depends_on: %s\n", name(i), down, depends > file
            if (rand() < 0.25) print "-- transaction: false" > file
            printf "-- ---\n-- cmig:upgrade\nCREATE TABLE %s (id int);\n", name(i) > file
            printf "INSERT INTO done (what) VALUES (\047+%s\047);\n-- cmig:downgrade\n", name(i) > file
            printf "DROP TABLE %s;\nINSERT INTO done (what) VALUES (\047-%s\047);\n", name(i), name(i) > file
            close(file)
        }
    }'
}

@test "on random graphs, --sql is the online run: same order, same rows, same refusals" {
    local seed step verb target online refusal ran=0
    for seed in {1..12}; do
        teardown
        cd "$BATS_TEST_TMPDIR/work"
        fresh_database
        other_database
        sql 'CREATE TABLE done (n serial, what text)'
        DB=$OTHER sql 'CREATE TABLE done (n serial, what text)'
        random_graph "$seed"
        RANDOM=$seed
        for step in {1..7}; do
            verb=upgrade target=$(printf 'r%02d' $((RANDOM % 12)))
            case $((RANDOM % 5)) in
            0) target=heads ;;
            1 | 2) verb=downgrade ;;
            3) if [ "$step" -gt 3 ]; then verb=downgrade target=base; fi ;;
            esac
            echo "seed $seed, step $step"
            cmig "$verb" "$target"
            online=$status refusal=$(grep -F 'error: ' <<<"$err" || :)
            DATABASE_URL=postgresql:///$OTHER cmig "$verb" --sql "current:$target"
            same "$status $(grep -F 'error: ' <<<"$err" || :)" "$online $refusal"
            if [ "$online" -eq 0 ]; then
                keep_script
                run_script "$OTHER"
                ran=$((ran + 1))
            fi
            same "$(state "$OTHER")" "$(state "$DB")"
        done
    done
    [ "$ran" -ge 40 ] # of 84; the others are refused, alike
}

@test "functions of the user's that are called as the server's do not matter to the script" {
    chain
    sql "CREATE FUNCTION current_setting(text) RETURNS text LANGUAGE sql AS 'SELECT 1 / 0 || \$1'"
    sql "ALTER DATABASE $DB SET search_path = public, pg_catalog"
    ok upgrade aaa
    ok upgrade --sql aaa:bbb
    keep_script
    run_script "$DB"
    rows_are bbb
}

@test "BEGIN, CASE and END as names in a routine do not cut it, online and for psql" {
    [ "$(server_major)" -ge 14 ] || skip 'this server has no BEGIN ATOMIC'
    rev aaa '' 'CREATE TABLE t (begin int, "end" int, "case" int, ok int); INSERT INTO t VALUES (1, 2, 3, 4);
        CREATE TYPE c AS ("end" int);'
    rev bbb aaa 'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC
            SELECT t.END AS case, begin, CASE WHEN ok > 1 THEN t.end END AS End FROM t;
            SELECT 1 end;
            SELECT CASE WHEN (SELECT 2 AS end) = 2 THEN (SELECT 1 end) END end;
        END;
        CREATE PROCEDURE begin(begin int) LANGUAGE sql BEGIN ATOMIC
            INSERT INTO t (begin, ok) SELECT begin.begin, 1 end;
            INSERT INTO t (ok) VALUES (CASE WHEN begin = 1 THEN 7 ELSE 8 END);
        END;
        CREATE PROCEDURE g() LANGUAGE sql BEGIN ATOMIC END;
        CALL begin(1);
        CREATE TABLE u AS SELECT f() AS f;' 'DROP FUNCTION f; DROP PROCEDURE begin; DROP PROCEDURE g; DROP TABLE u;'
    both upgrade head
    sql_is 'SELECT f FROM u' 1
    sql_is "SELECT string_agg(ok::text, ' ' ORDER BY ok) FROM t" '1 4 7'
}

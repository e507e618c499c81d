#!/usr/bin/env bats
# cmig upgrade brings a database to a later revision: targets, branches, the tables it keeps.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# ---------------------------------------------------------------- the whole way

@test "the whole way: init, revision, upgrade, current, history, downgrade -1, downgrade base" {
    mkdir new
    cd new
    ok init migrations
    ok revision -m 'add users table'
    local file=$out id
    id=$(basename "$file" _add_users_table.sql)
    sed -i.bak 's/^-- cmig:upgrade/&\nCREATE TABLE users (id int);/; s/^-- cmig:downgrade/&\nDROP TABLE users;/' "$file"
    rm "$file.bak"

    ok upgrade head
    out_is ''
    [[ $err =~ ^"upgrade <base> -> $id  add users table  ("[0-9]+" ms)"$ ]]
    tables_are users
    ok current
    out_is "$id (head)"
    ok history
    out_is "<base> -> $id (head), add users table"
    ok downgrade -1
    out_is ''
    [[ $err =~ ^"downgrade $id -> <base>  add users table  ("[0-9]+" ms)"$ ]]
    tables_are ''
    ok upgrade head
    ok downgrade base
    tables_are ''
    rows_are ''
    log_is "upgrade $id, downgrade $id, upgrade $id, downgrade $id"
}

@test "upgrade head runs every pending revision in order, one line each" {
    chain
    ok upgrade head
    same "$(sed 's/([0-9]* ms)/(N ms)/' <<<"$err")" 'upgrade <base> -> aaa  make a  (N ms)
upgrade aaa -> bbb  make b  (N ms)
upgrade bbb -> ccc  make c  (N ms)'
    tables_are 'a b c'
    rows_are ccc
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc'
}

@test "a second upgrade head has nothing to do and says so" {
    chain
    ok upgrade head
    ok upgrade head
    out_is ''
    err_has 'nothing to do' ccc
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc'
}

@test "upgrade with no revisions has nothing to do" {
    ok upgrade head
    err_has 'nothing to do' 'no revisions'
    untouched
}

# ---------------------------------------------------------------- targets

@test "upgrade to an id stops there" {
    chain
    ok upgrade bbb
    rows_are bbb
    tables_are 'a b'
}

@test "upgrade to the start of an id" {
    rev a1b2c3 '' 'CREATE TABLE a ();'
    rev b1b2c3 a1b2c3 'CREATE TABLE b ();'
    rev c1b2c3 b1b2c3 'CREATE TABLE c ();'
    ok upgrade b
    rows_are b1b2c3
}

@test "upgrade heads on one head is upgrade head" {
    chain
    ok upgrade heads
    rows_are ccc
}

@test "upgrade +1 and +2 count from where the database is" {
    chain
    ok upgrade +1
    rows_are aaa
    ok upgrade +2
    rows_are ccc
}

@test "upgrade +N beyond the end is an error that says how many there are" {
    chain
    ok upgrade aaa
    fails 1 upgrade +3
    err_has '"+3"' 2 'hint: '
    rows_are aaa
}

@test "an id that is all digits, or looks like a number, is an id" {
    rev 1234567890 '' 'SELECT 1;'
    rev 1e10 1234567890 'SELECT 1;'
    ok upgrade 1234567890
    rows_are 1234567890
    ok upgrade 1e10
    rows_are 1e10
}

@test "an unknown target is an error that names the nearest revision" {
    rev add_users '' 'CREATE TABLE a ();'
    fails 1 upgrade add_user_s
    err_has '"add_user_s"' '"add_users"' 'hint: '
    untouched
}

@test "an ambiguous prefix is an error that names the candidates" {
    rev abc1 '' 'CREATE TABLE a ();'
    rev abc2 abc1 'CREATE TABLE b ();'
    fails 1 upgrade ab
    err_has '"ab"' abc1 abc2 'hint: '
    untouched
}

@test "upgrade +0 is no step, and says nothing odd" {
    chain
    ok upgrade aaa
    cmig upgrade +0
    err_lacks 'only -1'
    rows_are aaa
}

@test "upgrade -1 is an error that points to downgrade" {
    chain
    ok upgrade head
    fails 1 upgrade -1
    err_has '"-1"' 'cmig downgrade'
    rows_are ccc
}

@test "upgrade to a revision that is applied already has nothing to do" {
    chain
    ok upgrade head
    ok upgrade aaa
    err_has 'nothing to do' aaa
    rows_are ccc
}

@test "upgrade base has nothing to do and points to downgrade" {
    chain
    ok upgrade base
    err_has 'nothing to do' 'cmig downgrade base'
}

@test "a range is no target" {
    chain
    fails 1 upgrade aaa:bbb
    err_has '"aaa:bbb"' 'hint: '
    untouched
}

@test "what is no target at all is refused" {
    chain
    local target
    for target in '' + +x @ 'a b' "'" '../aaa' '%s'; do
        cmig upgrade "$target"
        [[ $status == [12] ]]
        err_has error:
    done
    untouched
}

@test "upgrade without a target is wrong usage" {
    fails 2 upgrade
    err_has TARGET 'cmig upgrade --help'
    untouched
}

# ---------------------------------------------------------------- several heads

@test "upgrade head with several heads is an error that names both" {
    fork
    fails 1 upgrade head
    err_has bbb ccc '"heads"'
    untouched
}

@test "upgrade heads runs both branches and leaves a row for each" {
    fork
    ok upgrade heads
    rows_are 'bbb ccc'
    tables_are 'a b c'
}

@test "upgrade to one head leaves the other branch alone, and heads does the rest" {
    fork
    ok upgrade ccc
    rows_are ccc
    ok upgrade heads
    rows_are 'bbb ccc'
    log_is 'upgrade aaa, upgrade ccc, upgrade bbb'
}

@test "upgrade +1 at a fork is an error that names both ways" {
    fork
    ok upgrade aaa
    fails 1 upgrade +1
    err_has '"+1"' bbb ccc 'hint: '
    rows_are aaa
}

@test "a merge runs after both branches and is the one row" {
    fork
    rev ddd '[bbb, ccc]' 'INSERT INTO b SELECT * FROM c;'
    ok upgrade head
    rows_are ddd
    err_has 'upgrade bbb, ccc -> ddd'
}

@test "merges of merges run in an order in which every parent comes first" {
    rev m1 '' 'CREATE TABLE ran (n int);'
    rev m2 m1 'INSERT INTO ran VALUES (2);'
    rev m3 m1 'INSERT INTO ran VALUES (3);'
    rev m4 '[m2, m3]' 'INSERT INTO ran VALUES (4);'
    rev m5 m3 'INSERT INTO ran VALUES (5);'
    rev m6 '[m5, m4]' 'INSERT INTO ran VALUES (6);'
    ok upgrade head
    rows_are m6
    sql_is "SELECT bool_and(below.id < above.id) FROM cmig_log above JOIN cmig_log below ON (below.revision, above.revision)
            IN (('m1','m2'), ('m1','m3'), ('m2','m4'), ('m3','m4'), ('m3','m5'), ('m5','m6'), ('m4','m6'))" t
    sql_is 'SELECT count(*) FROM cmig_log' 6
}

@test "two bases are two branches" {
    rev aaa '' 'CREATE TABLE a ();'
    rev bbb '' 'CREATE TABLE b ();'
    fails 1 upgrade head
    ok upgrade heads
    rows_are 'aaa bbb'
}

@test "depends_on runs first, and what it implies needs no row" {
    rev zzz '' 'CREATE TABLE z (id int PRIMARY KEY);'
    rev aaa '' 'CREATE TABLE a (id int REFERENCES z);' '' 'depends_on: zzz'
    ok upgrade aaa
    log_is 'upgrade zzz, upgrade aaa'
    rows_are aaa
}

@test "depends_on takes a list, and a branch label" {
    rev yyy '' 'CREATE TABLE y ();' '' 'branch_labels: why'
    rev zzz '' 'CREATE TABLE z ();'
    rev aaa '' 'CREATE TABLE a () INHERITS (y, z);' '' 'depends_on: [why, zzz]'
    ok upgrade aaa
    rows_are aaa
    tables_are 'a y z'
}

@test "a branch label is a target" {
    fork
    rev ccc aaa 'CREATE TABLE c (id int);' '' 'branch_labels: [billing]'
    ok upgrade billing
    rows_are ccc
}

# ---------------------------------------------------------------- the log and the version table

@test "a log row tells revision, direction, message, checksum, who, when, how long and by which version" {
    chain
    ok upgrade aaa
    sql_is "SELECT revision, direction, message, run_by = session_user, run_at > now() - interval '1 minute', run_at <= now(),
                   duration_ms >= 0 AND duration_ms < 60000, 'cmig ' || cmig_version FROM cmig_log" \
        "aaa|upgrade|make a|t|t|t|t|$("$CMIG" --version)"
}

@test "the checksum is the sha256 of the block's bytes" {
    { header aaa && printf -- '-- cmig:upgrade\n\n  SELECT 1; -- \xc3\xa9\r\n\n-- cmig:downgrade\nSELECT 2;'; } | file aaa.sql
    ok upgrade head
    ok downgrade base
    sql_is "SELECT checksum = encode(sha256('\\x0a202053454c45435420313b202d2d20c3a90d0a0a'), 'hex') FROM cmig_log WHERE id = 1" t
    sql_is "SELECT checksum = encode(sha256('SELECT 2;'), 'hex') FROM cmig_log WHERE id = 2" t
}

@test "log_table with no name turns the log off" {
    project 'log_table ='
    chain
    ok upgrade head
    sql_is "SELECT to_regclass('cmig_log') IS NULL" t
    rows_are ccc
}

@test "version_table, version_table_schema and log_table are taken as they are, whatever they hold" {
    project 'version_table = My "odd" table; --' 'version_table_schema = Some Schema' "log_table = it's"
    chain
    sql 'CREATE SCHEMA "Some Schema"'
    ok upgrade head
    sql_is 'SELECT version_num FROM "Some Schema"."My ""odd"" table; --"' ccc
    sql_is "SELECT count(*) FROM \"Some Schema\".\"it's\"" 3
    ok downgrade aaa
    sql_is 'SELECT version_num FROM "Some Schema"."My ""odd"" table; --"' aaa
}

@test "a version_table_schema that is not there is named, with the way out" {
    project 'version_table_schema = nowhere'
    chain
    fails 1 upgrade head
    err_has '"nowhere"' 'CREATE SCHEMA' 'SQLSTATE: 3F000'
    untouched
}

@test "without permission to create the version table, the message says which and how to get it" {
    chain
    fresh_role
    fails 1 --url "postgresql://$ROLE@/$DB" upgrade head
    err_has cmig_version 'permission denied' 'GRANT CREATE' 'SQLSTATE: 42501' 'state: nothing was changed'
    untouched
}

@test "a version table that names an unknown revision is an error that says what an older checkout should do" {
    chain
    ok upgrade head
    rm migrations/versions/ccc.sql
    rev ddd bbb 'CREATE TABLE d ();'
    fails 1 upgrade head
    err_has '"ccc"' 'hint: ' 'older'
    rows_are ccc
    tables_are 'a b c'
}

@test "messages and ids with quotes go into the tables as they are" {
    rev aaa '' 'SELECT 1;' '' "message: it's a \\ \"test\"; DROP TABLE cmig_log; --"
    ok upgrade head
    sql_is 'SELECT message FROM cmig_log' "it's a \\ \"test\"; DROP TABLE cmig_log; --"
}

# ---------------------------------------------------------------- what else happens

@test "NOTICEs are shown on stderr with their revision" {
    rev aaa '' 'DO $$ BEGIN RAISE NOTICE $q$hello there$q$; RAISE WARNING $q$careful$q$; END $$;'
    rev bbb aaa 'DROP TABLE IF EXISTS nothing;'
    ok upgrade head
    out_is ''
    err_has 'NOTICE in aaa: hello there' 'WARNING in aaa: careful' 'NOTICE in bbb: table "nothing" does not exist'
}

@test "--quiet hides steps and NOTICEs, but no errors" {
    rev aaa '' 'DO $$ BEGIN RAISE NOTICE $q$hello$q$; END $$;'
    ok -q upgrade head
    out_is ''
    err_is ''
    rev bbb aaa 'SELECT nope;'
    fails 1 -q upgrade head
    err_has bbb.sql:6:8
}

@test "the rows of a SELECT or COPY TO STDOUT are not printed" {
    rev aaa '' "SELECT 'secret' FROM generate_series(1, 1000); COPY (SELECT 'secret') TO STDOUT;"
    ok upgrade head
    out_is ''
    err_lacks secret
}

@test "the time of each revision is its own, on the screen and in the log" {
    rev aaa '' 'SELECT 1;'
    rev bbb aaa 'SELECT pg_sleep(0.6);'
    rev ccc bbb 'SELECT 1;'
    ok upgrade head
    sql_is "SELECT string_agg(CASE WHEN duration_ms BETWEEN 600 AND 3000 THEN 'slow' WHEN duration_ms < 500 THEN 'quick' END, ' ' ORDER BY id)
              FROM cmig_log" 'quick slow quick'
    sql_is "SELECT max(run_at) - min(run_at) >= '600 ms' FROM cmig_log" t
}

@test "a last statement that ends in a comment with a semicolon is a statement of its own" {
    { header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a ();\nSELECT 1 -- the end;'; } | file aaa.sql
    rev bbb aaa 'CREATE TABLE b ();'
    ok upgrade head
    tables_are 'a b'
}

@test "a long id beyond ASCII is no trouble" {
    rev "a$(printf 'é%.0s' {1..40})" '' 'CREATE TABLE a ();'
    ok upgrade head
    tables_are a
}

@test "settings changed by functions and triggers do not leak either" {
    sql "CREATE SCHEMA other; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM set_config(''search_path'', ''other'', false)'"
    rev aaa '' 'CREATE TABLE a (x int); INSERT INTO a SELECT f();'
    rev bbb aaa 'CREATE TABLE b ();'
    ok upgrade head
    tables_are 'a b'
}

@test "a reader of the progress lines who goes away does not stop the run" {
    chain
    "$CMIG" upgrade head 2>&1 | true
    rows_are ccc
}

@test "-x name=value is read with current_setting in every revision" {
    rev aaa '' "CREATE TABLE a AS SELECT current_setting('cmig.who') AS who, current_setting('cmig.n') AS n;"
    rev bbb aaa "RESET ALL; INSERT INTO a VALUES (current_setting('cmig.who', true));"
    rev ccc bbb "INSERT INTO a VALUES (current_setting('cmig.who'), current_setting('cmig.n'));"
    ok -x "who=O'Neill = \\ me" -x n= upgrade head
    sql_is "SELECT DISTINCT who, n FROM a WHERE n IS NOT NULL" "O'Neill = \\ me|"
    sql_is 'SELECT count(*) FROM a WHERE n IS NOT NULL' 2
}

@test "-x without a value, or with an odd name, is wrong usage" {
    chain
    local variable
    for variable in name =value 'a b=c' "a'=b" 1a=b; do
        fails 2 -x "$variable" upgrade head
        err_has ' -x' 'hint: '
    done
    untouched
}

@test "SET search_path in one revision does not leak into the next" {
    rev aaa '' 'CREATE SCHEMA other; SET search_path = other; CREATE TABLE a (id int);'
    rev bbb aaa 'CREATE TABLE b (id int);'
    ok upgrade head
    sql_is "SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY tablename) FROM pg_tables
             WHERE tablename IN ('a', 'b')" 'other.a public.b'
    sql_is 'SELECT version_num FROM public.cmig_version' bbb
}

@test "SET ROLE, set_config and SET in mixed case do not leak into the next revision" {
    fresh_role
    rev aaa '' "sEt Session Characteristics AS TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET ROLE $ROLE;"
    rev bbb aaa "SELECT set_config('search_path', 'pg_catalog', false), set_config('role', '$ROLE', false);"
    rev ccc bbb "CREATE TABLE a AS SELECT current_user::text AS u, current_setting('search_path') AS s;"
    ok upgrade head
    sql_is 'SELECT u = session_user, s FROM public.a' 't|"$user", public'
}

@test "a setting made inside a DO block or function does not leak into the next revision" {
    rev aaa '' 'CREATE SCHEMA other; DO $$ BEGIN SET search_path = other; END $$;'
    rev bbb aaa 'CREATE TABLE b (id int);'
    ok upgrade head
    sql_is "SELECT schemaname FROM pg_tables WHERE tablename = 'b'" public
}

@test "a revision may set standard_conforming_strings off for itself" {
    rev aaa '' "SET standard_conforming_strings = off; SET escape_string_warning = off; SELECT 1;"
    rev bbb aaa "CREATE TABLE a AS SELECT 'a\\'::text AS t; SELECT 1;"
    ok upgrade head
    sql_is 'SELECT t FROM a' 'a\'
}

@test "the connection is named after the command" {
    rev aaa '' "CREATE TABLE a AS SELECT current_setting('application_name') AS name;"
    ok upgrade head
    sql_is "SELECT name LIKE 'cmig upgrade%' FROM a" t
}

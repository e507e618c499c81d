#!/usr/bin/env bats
# Revisions that run together give what they give one by one: nothing of one revision's session is left for the next.
load helper

setup() {
    fresh_folder
    fresh_database
    project
    OTHERS_MADE=''
}

teardown() {
    local other
    cd /
    for other in $OTHERS_MADE; do DB='' sql "DROP DATABASE $other WITH (FORCE)"; done
    if [ -n "${DB:-}" ]; then leave_database; fi
}

# other_database NAME: one more database, whose name $OTHER is.
other_database() {
    OTHER=${DB}_$1
    sql "CREATE DATABASE $OTHER"
    OTHERS_MADE+=" $OTHER"
}

# all_ways SQL: the answer is the same after one run, after a run for each revision, and after the script.
all_ways() {
    local together count
    ok upgrade head
    together=$(sql "$1")
    echo "together: $together"
    other_database one
    count=$(ls migrations/versions | wc -l)
    for ((; count > 0; count--)); do DATABASE_URL=postgresql:///$OTHER ok upgrade +1; done
    same "$together" "$(DB=$OTHER sql "$1")"
    other_database script
    ok upgrade --sql head
    PGOPTIONS='-c client_min_messages=warning' "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$OTHER" -f "$BATS_TEST_TMPDIR/out" >/dev/null
    same "$together" "$(DB=$OTHER sql "$1")"
}

# ---------------------------------------------------------------- temporary tables

@test "two revisions may have a temporary table of one name" {
    rev aaa '' 'CREATE TABLE t (a int); CREATE TEMP TABLE work AS SELECT 1 AS a;'
    rev bbb aaa 'CREATE TEMP TABLE work AS SELECT 2 AS a; INSERT INTO t SELECT a FROM work;'
    all_ways 'SELECT a FROM t'
}

@test "a temporary table of one revision does not hide a table from the next, however it was created" {
    local create
    sql 'CREATE TABLE orders (a int)'
    rev bbb aaa 'INSERT INTO orders VALUES (42);' 'DELETE FROM orders;'
    for create in 'CREATE TEMP TABLE orders (a int);' 'CREATE LOCAL TEMPORARY TABLE orders (a int) ON COMMIT DELETE ROWS;' \
        'CREATE TABLE pg_temp.orders (a int);' 'SELECT 1 AS a INTO TEMP orders;' 'CREATE TEMP VIEW orders AS SELECT 1 AS a;' \
        "DO \$\$ BEGIN EXECUTE 'CREATE TEMP TABLE orders (a int)'; END \$\$;" 'CREATE TEMP TABLE orders (a int) ON COMMIT DROP;' \
        'SET search_path = pg_temp; CREATE TABLE orders (a int);' 'BEGIN; CREATE TEMP TABLE orders (a int); COMMIT;'; do
        rev aaa '' "$create"
        if [[ $create == BEGIN* ]]; then rev aaa '' "$create" '' 'transaction: false'; fi
        ok upgrade head
        sql_is 'SELECT a FROM public.orders' 42
        ok downgrade base
    done
}

@test "a temporary table with a cursor, a sequence, a type and a function goes with its revision" {
    rev aaa '' "CREATE TEMP TABLE t (id serial, a int); INSERT INTO t (a) VALUES (1);
        CREATE FUNCTION pg_temp.f(t) RETURNS int LANGUAGE sql AS 'SELECT 1'; DECLARE c CURSOR WITH HOLD FOR SELECT * FROM t; FETCH c;"
    rev bbb aaa 'CREATE TABLE seen AS SELECT count(*) AS n FROM pg_class WHERE relnamespace = pg_my_temp_schema();'
    all_ways 'SELECT n FROM seen'
    sql_is 'SELECT n FROM seen' 0
}

# ---------------------------------------------------------------- the rest of the session

@test "prepared statements, cursors, channels, session locks and currval are not the next revision's" {
    rev aaa '' "CREATE SEQUENCE s; PREPARE p AS SELECT 1; DECLARE c CURSOR WITH HOLD FOR SELECT 1; LISTEN x;
        SELECT pg_advisory_lock(5), nextval('s');"
    rev bbb aaa "PREPARE p AS SELECT 2; DECLARE c CURSOR WITH HOLD FOR SELECT 2;
CREATE TABLE seen (what text);
INSERT INTO seen SELECT 'channel' FROM pg_listening_channels();
INSERT INTO seen SELECT 'lock' FROM pg_locks WHERE locktype = 'advisory' AND objid = 5 AND pid = pg_backend_pid();
DO \$\$ BEGIN INSERT INTO seen VALUES (lastval()); EXCEPTION WHEN object_not_in_prerequisite_state THEN NULL; END \$\$;"
    all_ways 'SELECT string_agg(what, chr(10)) FROM seen'
    sql_is 'SELECT count(*) FROM seen' 0
}

@test "a new serial column does not give the next revision a currval" {
    sql 'CREATE TABLE t (); INSERT INTO t DEFAULT VALUES'
    rev aaa '' 'ALTER TABLE t ADD id serial;'
    rev bbb aaa 'SELECT lastval();'
    fails 1 upgrade head
    err_has bbb.sql 'lastval is not yet defined'
}

@test "a transaction that is run again begins with a clean session" {
    project 'lock_retries = 5' 'lock_timeout = 50ms'
    sql 'CREATE TABLE t ()'
    rev aaa '' 'PREPARE p AS SELECT 1; SELECT pg_advisory_lock(77); ALTER TABLE t ADD a int;'
    mkfifo fifo
    "$PSQL" -XAtq -d "$DB" <fifo >/dev/null 3>&- &
    HOLDER=$!
    exec 7>fifo
    echo 'BEGIN; LOCK TABLE t; SELECT 1;' >&7
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass AND granted" 1
    start upgrade head
    until_text 'trying again' "$BATS_TEST_TMPDIR/err"
    release
    finish
    same "$status" 0
    rows_are aaa
}

# ---------------------------------------------------------------- deferred constraints

deferred_tables() {
    sql 'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int REFERENCES p DEFERRABLE INITIALLY DEFERRED, i int REFERENCES p DEFERRABLE)'
}

@test "a revision may alter a table whose deferred constraints an earlier revision of the run has used" {
    deferred_tables
    rev aaa '' 'INSERT INTO c (id) VALUES (1); INSERT INTO p VALUES (1);'
    rev bbb aaa 'ALTER TABLE c ADD x int; ALTER TABLE p ADD x int;'
    rev ccc bbb 'INSERT INTO c (id) VALUES (2); INSERT INTO p VALUES (2);'
    ok upgrade head
    sql_is 'SELECT count(*) FROM c JOIN p USING (id)' 2
}

@test "a deferred constraint that a revision violates names that revision" {
    deferred_tables
    rev aaa '' 'INSERT INTO p VALUES (1);'
    rev bbb aaa 'INSERT INTO c (id) VALUES (7);'
    rev ccc bbb 'INSERT INTO p VALUES (7);'
    fails 1 upgrade head
    err_has 'migrations/versions/bbb.sql: error: insert or update on table "c" violates foreign key constraint' 'revision: bbb' \
        'DETAIL: Key (id)=(7) is not present' 'deferred' 'SQLSTATE: 23503' 'nothing was changed'
    err_lacks 'SET CONSTRAINTS' 'upgrade aaa -> bbb'
    rev bbb aaa 'COPY c (id) FROM stdin;
7
\.'
    fails 1 upgrade head
    err_has 'revision: bbb'
}

@test "a constraint trigger that fails names the revision and its own line, without what cmig has sent" {
    sql "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no %'', new.a; END';
        CREATE CONSTRAINT TRIGGER x AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()"
    rev aaa '' 'INSERT INTO t VALUES (3);'
    rev bbb aaa 'SELECT 1;'
    fails 1 upgrade head
    err_has 'migrations/versions/aaa.sql: error: no 3' 'revision: aaa' 'CONTEXT: PL/pgSQL function f() line 1 at RAISE'
    err_lacks 'SET CONSTRAINTS' inline_code_block
}

@test "constraints are deferred in each revision as they were created, whatever an earlier one has set" {
    local set
    for set in IMMEDIATE DEFERRED; do
        deferred_tables
        rev aaa '' "SET CONSTRAINTS ALL $set;" 'DROP TABLE p, c, d, seen;'
        rev bbb aaa "CREATE TABLE seen (what text);
INSERT INTO c (id) VALUES (1); INSERT INTO p VALUES (1);
DO \$\$ BEGIN INSERT INTO c (i) VALUES (9); DELETE FROM c WHERE i = 9; INSERT INTO seen VALUES ('deferred'); EXCEPTION WHEN foreign_key_violation THEN NULL; END \$\$;"
        rev ccc bbb "CREATE TABLE d (id int REFERENCES p DEFERRABLE INITIALLY DEFERRED, i int REFERENCES p DEFERRABLE);
INSERT INTO d (id) VALUES (2); INSERT INTO p VALUES (2);
DO \$\$ BEGIN INSERT INTO d (i) VALUES (9); DELETE FROM d WHERE i = 9; INSERT INTO seen VALUES ('new deferred'); EXCEPTION WHEN foreign_key_violation THEN NULL; END \$\$;"
        ok upgrade head
        sql_is 'SELECT count(*) FROM seen' 0
        ok downgrade base
    done
}

@test "a name that a constraint that is not deferrable has too is no error" {
    sql 'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int CONSTRAINT k REFERENCES p DEFERRABLE INITIALLY DEFERRED); CREATE TABLE d (id int CONSTRAINT k CHECK (id > 0))'
    rev aaa '' 'INSERT INTO c VALUES (1); INSERT INTO p VALUES (1);'
    rev bbb aaa 'INSERT INTO c VALUES (1);'
    ok upgrade head
}

@test "names that need quotes, partitions and a schema that may not be used are no error" {
    sql 'CREATE SCHEMA "the; schema"; CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE "the; schema"."t" (id int, CONSTRAINT "a "" b" FOREIGN KEY (id) REFERENCES p DEFERRABLE INITIALLY DEFERRED) PARTITION BY RANGE (id);
        CREATE TABLE "the; schema"."t1" PARTITION OF "the; schema"."t" FOR VALUES FROM (0) TO (10);'
    rev aaa '' 'INSERT INTO "the; schema".t VALUES (1); INSERT INTO p VALUES (1);' '' 'message: x'
    rev bbb aaa 'ALTER TABLE "the; schema".t ADD x int; INSERT INTO "the; schema".t VALUES (2);'
    fails 1 upgrade head
    err_has 'revision: bbb' 'Key (id)=(2) is not present'
    fresh_role
    sql "GRANT CREATE, USAGE ON SCHEMA public TO $ROLE; GRANT ALL ON p TO $ROLE"
    rm migrations/versions/bbb.sql
    rev aaa '' 'INSERT INTO p VALUES (1);'
    DATABASE_URL="postgresql://$ROLE@/$DB" ok upgrade head
    sql "DROP OWNED BY $ROLE"
}

# ---------------------------------------------------------------- random revisions

# Runs SQL that may fail, and notes what came of it.
try() { echo "DO \$x\$ BEGIN EXECUTE \$y\$$1\$y\$; INSERT INTO public.seen VALUES ('$2', 'done'); EXCEPTION WHEN OTHERS THEN INSERT INTO public.seen VALUES ('$2', SQLERRM); END \$x\$;"; }

# One statement of revision $1.
any_statement() {
    case $((RANDOM % 24)) in
    0) echo "CREATE TEMP TABLE IF NOT EXISTS work (a int); INSERT INTO work VALUES ($1);" ;;
    1) echo 'CREATE TEMP TABLE IF NOT EXISTS orders (a int);' ;;
    2) echo "INSERT INTO orders VALUES ($1);" ;;
    3) try "PREPARE p AS SELECT $1" "$1 prepare" ;;
    4) try 'EXECUTE p' "$1 execute" ;;
    5) try "CREATE TEMP TABLE work AS SELECT $1 AS a" "$1 create" ;;
    6) try 'DROP TABLE work' "$1 drop" ;;
    7) echo 'LISTEN x;' ;;
    8) echo "SELECT pg_advisory_lock(100 + $(($1 % 3)));" ;;
    9) echo "SELECT nextval('s');" ;;
    10) try 'INSERT INTO seen SELECT lastval()' "$1 lastval" ;;
    11) echo 'SET CONSTRAINTS ALL DEFERRED;' ;;
    12) echo 'SET CONSTRAINTS ALL IMMEDIATE;' ;;
    13) echo "INSERT INTO parent VALUES (2 * $1 + 100) ON CONFLICT DO NOTHING; INSERT INTO child (later) VALUES (2 * $1 + 100);" ;;
    14) try "INSERT INTO child (later) VALUES (2 * $1 + 101); INSERT INTO parent VALUES (2 * $1 + 101)" "$1 later" ;;
    15) try "INSERT INTO child (now) VALUES (-$1); DELETE FROM child WHERE now = -$1" "$1 now" ;;
    16) try "ALTER TABLE child ADD x$1 int" "$1 alter" ;;
    17) echo "SET search_path = other, public; SET ROLE pg_monitor; RESET ROLE; SET work_mem = '1MB';" ;;
    18) echo "CREATE TABLE IF NOT EXISTS new$1 (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);" ;;
    19) try "INSERT INTO new$(($1 - 1)) VALUES (-5); DELETE FROM new$(($1 - 1)) WHERE id = -5" "$1 new" ;;
    20) try "DECLARE held CURSOR WITH HOLD FOR SELECT $1" "$1 cursor" ;;
    21) echo "CREATE TEMP TABLE IF NOT EXISTS short (a int) ON COMMIT DROP;" ;;
    22) echo "CREATE FUNCTION pg_temp.f$RANDOM() RETURNS int LANGUAGE sql AS 'SELECT 1';" ;;
    23) echo "SELECT hidden('CREATE TEMP TABLE IF NOT EXISTS orders (a int)');" ;;
    esac
}

# What revision $1 sees of the session.
probe() {
    echo "INSERT INTO public.seen SELECT concat('$1 ', what), value FROM (
SELECT 'relation' AS what, relname::text AS value FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind IN ('r', 'v') UNION ALL
SELECT 'function', 'temporary' FROM pg_proc WHERE pronamespace = pg_my_temp_schema() UNION ALL
SELECT 'statement', name FROM pg_prepared_statements UNION ALL
SELECT 'cursor', name FROM pg_cursors WHERE name = 'held' UNION ALL
SELECT 'lock', objid::text FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid BETWEEN 100 AND 102 AND pid = pg_backend_pid() UNION ALL
SELECT 'setting', current_setting('search_path') || current_setting('work_mem') || current_user) x;"
}

# random_revisions SEED: eight revisions that use the session, and record what they see of it at their begin and end.
random_revisions() {
    local i j down='' statements
    RANDOM=$1
    rm -f migrations/versions/*
    for i in {10..17}; do
        statements=$(probe "$i begin")
        for ((j = RANDOM % 4 + 1; j > 0; j--)); do statements+=$'\n'$(any_statement "$i"); done
        if [ $((RANDOM % 5)) -eq 0 ]; then
            rev "r$i" "$down" "$statements" '' 'transaction: false'
        else
            rev "r$i" "$down" "$statements"$'\n'"$(probe "$i end")"
        fi
        down=r$i
    done
}

TABLES="CREATE TABLE seen (what text, value text); CREATE TABLE orders (a int); CREATE SEQUENCE s; CREATE SCHEMA other;
    CREATE TABLE parent (id int PRIMARY KEY); CREATE FUNCTION hidden(text) RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE \$1; END';
    CREATE TABLE child (later int REFERENCES parent DEFERRABLE INITIALLY DEFERRED, now int REFERENCES parent DEFERRABLE)"
SEEN="SELECT string_agg(seen::text, chr(10) ORDER BY seen::text) FROM seen; SELECT count(*), sum(a) FROM public.orders; SELECT count(*), count(later) FROM child"

@test "random revisions that use the session give the same together, one by one, and as a script" {
    local i seed way together
    for seed in {1..5}; do
        random_revisions "$seed"
        together=''
        for way in together per_migration one_by_one script; do
            other_database "${seed}_$way"
            DB=$OTHER sql "$TABLES"
            export DATABASE_URL=postgresql:///$OTHER
            echo "seed $seed, $way"
            case $way in
            together) ok upgrade head ;;
            per_migration)
                project 'transaction_per_migration = true'
                ok upgrade head
                project
                ;;
            one_by_one) for i in {10..17}; do ok upgrade +1; done ;;
            script)
                ok upgrade --sql head
                PGOPTIONS='-c client_min_messages=error' "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$OTHER" -f "$BATS_TEST_TMPDIR/out" >/dev/null
                ;;
            esac
            if [ -z "$together" ]; then together=$(DB=$OTHER sql "$SEEN"); fi
            same "$(DB=$OTHER sql "$SEEN")" "$together"
        done
    done
    has "$together" 'setting' # something was seen
}

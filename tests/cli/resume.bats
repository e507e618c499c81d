#!/usr/bin/env bats
# A block outside a transaction that was cut off is gone on with, statement by statement; what nobody can know is asked.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# Each statement leaves its number, so that one that runs twice shows.
did() { echo "INSERT INTO ran VALUES ($1);"; }
ran_is() { sql_is "SELECT coalesce(string_agg(n::text, ' ' ORDER BY at), '') FROM ran" "$1"; }
ran_table='CREATE TABLE ran (n int, at serial);'

# alone STATEMENTS...: revision bbb, outside a transaction, a line for each.
alone() {
    rev aaa '' "$ran_table"
    rev bbb aaa "$(printf '%s\n' "$@")" '' 'transaction: false'
}

# Ends the program at once while it is in a statement that waits for pg_advisory_lock(1), and then the lock.
kill_in_the_middle() {
    hold
    start "$@"
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    kill -KILL "$PID"
    wait "$PID" || :
}

@test "after an error the next run goes on at the statement that failed" {
    alone "$(did 1)" "$(did 2)" 'SELECT 1 / (SELECT count(*) FROM ran WHERE n = 9);' "$(did 4)"
    fails 1 upgrade head
    err_has bbb.sql:9:1 'state: 2 statements of bbb were committed'
    ran_is '1 2'
    rows_are aaa
    fails 3 status
    out_has 'unfinished: 1' 'bbb  upgrade, 2 statements are finished'
    sql 'INSERT INTO ran VALUES (9)'
    ok upgrade head
    err_has 'bbb was begun before: 2 of its statements are finished'
    ran_is '1 2 9 4'
    rows_are bbb
    ok status
    sql_is "SELECT to_regclass('cmig_version_steps') IS NULL" t
}

@test "a statement that can is all or nothing with its record, also when the program is killed" {
    alone "$(did 1)" "WITH x AS (SELECT pg_advisory_lock(1), pg_advisory_unlock(1)) INSERT INTO ran SELECT 2 FROM x;" "$(did 3)"
    kill_in_the_middle upgrade head
    start upgrade head # while the server still works on the statement
    sleep 0.5
    release
    finish
    same "$status" 0
    ran_is '1 2 3'
    rows_are bbb
}

@test "BEGIN ... COMMIT in the block is one step" {
    alone "$(did 1)" 'BEGIN ISOLATION LEVEL SERIALIZABLE; SET TRANSACTION READ WRITE;' "$(did 2)" 'COPY ran (n) FROM stdin;' 3 '\.' 'SELECT 1 / (SELECT count(*) FROM ran WHERE n = 9);' COMMIT\; "$(did 4)"
    fails 1 upgrade head
    err_has bbb.sql:13:1 '1 statement of bbb was committed'
    ran_is 1
    sql 'INSERT INTO ran VALUES (9)'
    ok upgrade head
    err_has '1 of its statements is finished'
    ran_is '1 9 2 3 4'
}

@test "a rolled back transaction in the block is a step too" {
    alone 'BEGIN;' "$(did 1)" 'ROLLBACK;' "$(did 2)" 'SELECT nope;'
    fails 1 upgrade head
    err_has '2 statements of bbb were committed'
    sed -i 's/SELECT nope;//' migrations/versions/bbb.sql
    ok upgrade head
    ran_is 2
}

@test "COPY is all or nothing with its record" {
    alone 'COPY ran (n) FROM stdin;' 1 2 '\.' 'SELECT nope;'
    fails 1 upgrade head
    sed -i 's/SELECT nope;/INSERT INTO ran VALUES (3);/' migrations/versions/bbb.sql
    ok upgrade head
    ran_is '1 2 3'
    sed -i 's/^2$/5/' migrations/versions/bbb.sql
}

@test "settings of the session that were made before are made again" {
    alone 'SET search_path = other, public;' 'CREATE SCHEMA other;' 'CREATE TABLE first ();' 'SELECT nope;' 'CREATE TABLE second ();'
    fails 1 upgrade head
    sed -i '/SELECT nope/d' migrations/versions/bbb.sql
    ok upgrade head
    sql_is "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'other'::regnamespace" 'first second'
}

@test "an edit of what has run stops, an edit of comments does not, and --resume-after goes on" {
    alone "$(did 1)" "$(did 2)" 'SELECT nope;' "$(did 4)"
    fails 1 upgrade head
    sed -i 's/VALUES (1)/VALUES (7)/' migrations/versions/bbb.sql
    fails 1 upgrade head
    err_has bbb.sql:7:1 'statement 1 of revision "bbb" has run before, and was edited since' 'INSERT INTO ran VALUES (1)' '--resume-after 2'
    ran_is '1 2'
    sed -i 's/VALUES (7)/VALUES (1) \/* one *\//' migrations/versions/bbb.sql
    fails 1 upgrade head
    err_has 'column "nope"'
    sed -i 's/VALUES (1)/VALUES (7)/; /nope/d' migrations/versions/bbb.sql
    ok upgrade head --resume-after 2
    ran_is '1 2 4'
}

@test "a CALL that was cut off cannot be known: it stops, and is told how to go on" {
    alone "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN INSERT INTO ran VALUES (2); COMMIT; PERFORM pg_advisory_lock(1), pg_advisory_unlock(1); END';" \
        'CALL p();' "$(did 3)"
    kill_in_the_middle upgrade head
    start upgrade head
    until_text 'still runs statement 2 of bbb for an earlier run that was cut off' "$BATS_TEST_TMPDIR/err"
    release
    finish
    same "$status" 1
    err_has bbb.sql:8:1 'statement 2 of revision "bbb" was cut off before' '--resume-after 2' '--resume-at 2'
    ran_is 2
    cp -r . ../again
    ok upgrade head --resume-after 2
    ran_is '2 3'
}

@test "--resume-at runs the statement again" {
    alone "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN INSERT INTO ran VALUES (2); COMMIT; PERFORM pg_advisory_lock(1), pg_advisory_unlock(1); END';" \
        'CALL p();' "$(did 3)"
    kill_in_the_middle upgrade head
    release
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CALL%' AND state = 'active' AND pid <> pg_backend_pid()" 0
    fails 1 upgrade head
    ok upgrade head --resume-at 2
    ran_is '2 2 3'
}

@test "a CALL that failed may have committed a part, and is asked for; a DO that cannot commit just runs again" {
    alone "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN INSERT INTO ran VALUES (2); COMMIT; PERFORM 1 / 0; END';" \
        "DO \$\$ BEGIN INSERT INTO ran VALUES (1); PERFORM 1 / (SELECT count(*) FROM ran WHERE n = 9); END \$\$;" 'CALL p();' "$(did 3)"
    fails 1 upgrade head
    err_has 'state: 1 statement of bbb was committed'
    sql 'INSERT INTO ran VALUES (9)'
    fails 1 upgrade head
    err_has bbb.sql:9:1 'division by zero'
    fails 1 upgrade head
    err_has 'whether it has happened cannot be seen' '--resume-after 3' '--resume-at 3'
    ran_is '9 1 2'
    ok upgrade head --resume-after 3
    ran_is '9 1 2 3'
}

@test "an index that was left invalid is dropped and built again" {
    alone "$(did 1)" "$(did 1)" 'CREATE UNIQUE INDEX CONCURRENTLY "I x" ON ran (n);' "$(did 4)"
    fails 1 upgrade head
    sql_is "SELECT indisvalid FROM pg_index WHERE indexrelid = '\"I x\"'::regclass" f
    sql 'DELETE FROM ran WHERE at = 2'
    ok upgrade head
    err_has 'bbb, statement 3: the index public."I x" was left invalid: dropped, to be built again'
    sql_is "SELECT indisvalid FROM pg_index WHERE indexrelid = '\"I x\"'::regclass" t
    ran_is '1 4'
}

@test "CREATE INDEX CONCURRENTLY that the server still builds for a killed run is waited for, and then done" {
    alone 'CREATE INDEX CONCURRENTLY i ON ran (n);' "$(did 2)"
    ok upgrade aaa
    "$PSQL" -XAtqd "$DB" -c 'BEGIN; LOCK TABLE ran IN ROW EXCLUSIVE MODE; SELECT pg_sleep(2.5);' 3>&- >/dev/null &
    HOLDER=$!
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 'ran'::regclass AND granted" 1
    start upgrade head
    until_sql "SELECT count(*) FROM pg_index WHERE indrelid = 'ran'::regclass" 1
    kill -KILL "$PID"
    wait "$PID" || :
    ok upgrade head
    err_has 'still runs statement 1 of bbb' 'the index public.i is there and valid'
    wait "$HOLDER"
    sql_is "SELECT count(*) FILTER (WHERE indisvalid), count(*) FROM pg_index WHERE indrelid = 'ran'::regclass" '1|1'
    ran_is 2
}

@test "IF NOT EXISTS that meets an invalid index is no success, and the next run repairs it" {
    alone 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ran (n);' "$(did 2)"
    ok upgrade aaa
    sql 'INSERT INTO ran VALUES (1), (1)'
    sql 'CREATE UNIQUE INDEX CONCURRENTLY i ON ran (n)' || :
    sql 'DELETE FROM ran'
    fails 1 upgrade head
    err_has bbb.sql:7:1 'not valid, and so of no use to queries: public.i on ran' 'DROP INDEX CONCURRENTLY public.i;'
    ok upgrade head
    sql_is "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass" t
}

@test "another invalid index of the touched table is an error that names its repair" {
    alone 'CREATE INDEX CONCURRENTLY j ON ran (at);'
    ok upgrade aaa
    sql 'INSERT INTO ran VALUES (1), (1)'
    sql 'CREATE UNIQUE INDEX CONCURRENTLY i ON ran (n)' || :
    fails 1 upgrade head
    err_has 'public.i on ran' 'DROP INDEX CONCURRENTLY public.i;'
    sql 'DROP INDEX CONCURRENTLY i'
    ok upgrade head
    err_has 'the index public.j is there and valid'
}

@test "REINDEX of a schema or database is not taken for success where an index stays invalid" {
    alone 'REINDEX SCHEMA CONCURRENTLY public;'
    rev ccc bbb "REINDEX DATABASE CONCURRENTLY ${DB##*/};" '' 'transaction: false'
    ok upgrade aaa
    sql 'CREATE SCHEMA other; CREATE TABLE other.t (n int); INSERT INTO ran VALUES (1), (1); INSERT INTO other.t VALUES (1), (1)'
    sql 'CREATE UNIQUE INDEX CONCURRENTLY i ON ran (n)' || :
    sql 'CREATE UNIQUE INDEX CONCURRENTLY j ON other.t (n)' || :
    fails 1 upgrade head
    err_has 'public.i on ran' 'DROP INDEX CONCURRENTLY public.i;'
    err_lacks other.j
    sql 'DROP INDEX CONCURRENTLY i'
    fails 1 upgrade head
    rows_are bbb
    err_has 'other.j on other.t' 'DROP INDEX CONCURRENTLY other.j;'
    sql 'DROP INDEX CONCURRENTLY other.j'
    ok upgrade head
}

@test "DROP INDEX CONCURRENTLY and VACUUM that were cut off run again or are done" {
    alone 'CREATE INDEX i ON ran (n);' 'DROP INDEX CONCURRENTLY i;' 'VACUUM ran;' "$(did 4)" 'SELECT nope;'
    fails 1 upgrade head
    sql "UPDATE cmig_version_steps SET state = 'started', backend_start = '2000-01-01' WHERE number = 2; DELETE FROM cmig_version_steps WHERE number > 2"
    sed -i 's/SELECT nope;/SELECT 1;/' migrations/versions/bbb.sql
    ok upgrade head
    err_has 'statement 2: the index is gone'
    ran_is '4 4'
}

@test "a partition that was half detached is finalized" {
    [ "$(sql 'SHOW server_version_num')" -ge 140000 ] || skip 'no DETACH ... CONCURRENTLY before 14'
    alone 'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;' "$(did 4)"
    rev aaa '' "$ran_table CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);"
    ok upgrade aaa
    "$PSQL" -XAtqd "$DB" -c 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM p; SELECT pg_sleep(60)' 3>&- >/dev/null 2>&1 &
    HOLDER=$!
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 'p'::regclass AND granted" 1
    start upgrade head
    until_sql "SELECT count(*) FROM pg_inherits WHERE inhdetachpending" 1
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE p DETACH%' AND pid <> pg_backend_pid()"
    finish
    [ "$status" -ne 0 ]
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
    wait "$HOLDER" || :
    ok upgrade head
    err_has 'the partition was half detached: finalized'
    sql_is "SELECT count(*) FROM pg_inherits" 0
    ran_is 4
}

@test "a downgrade goes on too" {
    rev aaa '' "$ran_table" 'DROP TABLE ran;'
    rev bbb aaa '' "$(did 1) SELECT 1 / (SELECT count(*) - 1 FROM ran); $(did 2)" 'transaction: false'
    ok upgrade head
    fails 1 downgrade aaa
    rows_are bbb
    sql 'INSERT INTO ran VALUES (0)'
    ok downgrade aaa
    ran_is '1 0 2'
}

@test "a stamp forgets what was begun: whoever stamps has decided" {
    alone "$(did 1)" 'SELECT nope;'
    fails 1 upgrade head
    ok stamp bbb
    ok status
    ok stamp aaa
    sed -i '/nope/d' migrations/versions/bbb.sql
    ok upgrade head
    ran_is '1 1'
}

@test "an interrupt leaves the rest for the next run" {
    alone "$(did 1)" "WITH x AS (SELECT pg_advisory_lock(1)) INSERT INTO ran SELECT 2 FROM x;" "$(did 3)"
    hold
    start upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    kill -INT "$PID"
    finish
    same "$status" 130
    err_has '1 statement of bbb was committed'
    release
    ok upgrade head
    ran_is '1 2 3'
}

@test "there is nothing to resume where nothing was begun" {
    alone "$(did 1)"
    fails 1 upgrade head --resume-after 1
    err_has 'nothing to resume' bbb
    ok upgrade head
    rev ccc bbb 'SELECT 1;'
    fails 1 upgrade head --resume-at 1
    err_has 'nothing to resume'
    fails 2 upgrade head --resume-at 1 --resume-after 1
    err_has 'two places'
    fails 2 upgrade head --resume-at x
    err_has 'not the number of a statement'
}

@test "a lock timeout in the block is tried again, where it was" {
    alone "$(did 1)" 'LOCK TABLE held; ALTER TABLE held ADD COLUMN x int;' "$(did 3)"
    sed -i 's/LOCK TABLE held; //' migrations/versions/bbb.sql
    sql 'CREATE TABLE held ()'
    "$PSQL" -XAtqd "$DB" -c 'BEGIN; LOCK TABLE held; SELECT pg_sleep(1);' 3>&- >/dev/null &
    HOLDER=$!
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 'held'::regclass AND granted" 1
    ok --lock-timeout 300ms --lock-retries 8 upgrade head
    err_has 'trying again' '1 of its statements is finished'
    wait "$HOLDER"
    ran_is '1 3'
}

# ---------------------------------------------------------------- what must not be taken for done

@test "a statement that the server refused is not taken for done by what else the catalog has" {
    rev aaa '' 'CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE INDEX i ON u (id); CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE q (a int);'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY i ON t (id);' '' 'transaction: false'
    fails 1 upgrade head
    fails 1 upgrade head
    err_has 'relation "i" already exists'
    rows_are aaa
    rev bbb aaa 'DROP INDEX CONCURRENTLY typo;' '' 'transaction: false'
    fails 1 upgrade head
    fails 1 upgrade head
    err_has 'index "typo" does not exist'
    [ "$(sql 'SHOW server_version_num')" -ge 140000 ] || return 0
    rev bbb aaa 'ALTER TABLE p DETACH PARTITION q CONCURRENTLY;' '' 'transaction: false'
    fails 1 upgrade head
    fails 1 upgrade head
    rows_are aaa
}

@test "an invalid index of the same name on another table is left alone" {
    rev aaa '' 'CREATE TABLE t (id int); CREATE TABLE u (id int); INSERT INTO u VALUES (1), (1);'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY i ON t (id);' '' 'transaction: false'
    ok upgrade aaa
    sql 'CREATE UNIQUE INDEX CONCURRENTLY i ON u (id)' || :
    fails 1 upgrade head
    fails 1 upgrade head
    sql_is "SELECT indrelid::regclass FROM pg_index WHERE indexrelid = 'i'::regclass" u
}

@test "--resume-after and --resume-at end where the begun part ends, and are remembered" {
    alone "$(did 1)" "$(did 2)" 'SELECT nope;' "$(did 4)"
    fails 1 upgrade head
    fails 1 upgrade head --resume-after 99
    err_has 'only 2 statements of revision "bbb" were begun'
    fails 1 upgrade head --resume-at 9
    sed -i 's/SELECT nope;/SELECT 1;/; s/VALUES (4);/VALUES (4), (1 \/ 0);/' migrations/versions/bbb.sql
    fails 1 upgrade head --resume-at 2
    ran_is '1 2 2'
    sed -i 's/, (1 \/ 0)//' migrations/versions/bbb.sql
    ok upgrade head
    ran_is '1 2 2 4'
}

@test "statements that have run and are gone from the block stop the next run" {
    alone "$(did 1)" "$(did 2)" 'SELECT nope;'
    fails 1 upgrade head
    sed -i '/VALUES (2)/d; /nope/d' migrations/versions/bbb.sql
    fails 1 upgrade head
    err_has '2 statements of revision "bbb" have run before, and its block has only 1 now'
    rows_are aaa
    rev bbb aaa "$(did 5)"
    fails 1 upgrade head
    err_has 'was begun outside a transaction, and is not finished' 'put "transaction: false" back'
    ran_is '1 2'
}

@test "a half-run upgrade is not downgraded from, nor a half-run downgrade upgraded over, until somebody decides" {
    rev aaa '' "$ran_table" 'DROP TABLE ran;'
    rev bbb aaa "$(did 1) SELECT nope;" "$(did 3) SELECT nope;" 'transaction: false'
    fails 1 upgrade head
    fails 1 downgrade base
    err_has 'the upgrade of revision "bbb" was begun outside a transaction, and is not finished' 'finish it: cmig upgrade' 'cmig stamp REVISION'
    ran_is 1
    ok stamp aaa
    sed -i '0,/ SELECT nope;/s///' migrations/versions/bbb.sql
    ok upgrade head
    ran_is '1 1'
    fails 1 downgrade aaa
    fails 1 upgrade head
    err_has 'the downgrade of revision "bbb"' 'finish it: cmig downgrade'
    ok stamp bbb
    ok upgrade head
}

@test "AND CHAIN is refused before anything runs" {
    alone 'BEGIN;' "$(did 1)" 'COMMIT AND CHAIN;' "$(did 2)" 'ROLLBACK;'
    fails 1 upgrade head
    err_has bbb.sql:9:1 'AND CHAIN'
    rows_are ''
    alone 'BEGIN;' "$(did 1)" 'COMMIT AND NO CHAIN;'
    ok upgrade head
}

@test "a role or read-only session of the block does not keep its statements from being recorded" {
    sql "DO \$\$ BEGIN CREATE ROLE cmig_test_role; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$"
    alone 'GRANT ALL ON SCHEMA public TO cmig_test_role; GRANT ALL ON ran TO cmig_test_role; GRANT ALL ON SEQUENCE ran_at_seq TO cmig_test_role;' \
        'SET ROLE cmig_test_role;' 'CREATE TABLE mine ();' "$(did 1)" 'SET default_transaction_read_only = on;' 'VACUUM mine;'
    ok upgrade head
    sql_is "SELECT tableowner FROM pg_tables WHERE tablename = 'mine'" cmig_test_role
    ran_is 1
}

@test "without the session that holds the lock the run stops" {
    alone "$(did 1)" 'SELECT pg_terminate_backend(pid), pg_sleep(0.3) FROM pg_locks WHERE locktype = $$advisory$$ AND pid <> pg_backend_pid();' "$(did 4)"
    fails 1 upgrade head
    err_has 'the connection that holds the lock of this run was lost'
    ran_is 1
    sed -i 's/SELECT pg_terminate.*/SELECT 1;/' migrations/versions/bbb.sql
    fails 1 upgrade head
    ok upgrade head --resume-after 2
    ran_is '1 4'
}

@test "who reads the record does not keep a run from its end" {
    alone "$(did 1)" "SELECT pg_advisory_lock(1), pg_advisory_unlock(1);" "$(did 3)"
    hold
    start upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    "$PSQL" -XAtqd "$DB" -c 'BEGIN; TABLE cmig_version_steps; SELECT pg_sleep(4);' 3>&- >/dev/null 7>&- &
    reader=$!
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 'cmig_version_steps'::regclass AND mode = 'AccessShareLock' AND granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(4)%' AND pid <> pg_backend_pid())" 1
    release
    finish
    same "$status" 0
    kill "$reader"
    wait "$reader" || :
    ran_is '1 3'
    ok status
}

@test "a table of steps that another run drops meanwhile is made again" {
    rev aaa '' 'CREATE TABLE a (id int);' '' 'transaction: false'
    ok ensure-version
    sql 'CREATE TABLE cmig_version_steps (revision text, direction text, number int, state text, checksum text, statement text,
             pid int, backend_start timestamptz, changed_at timestamptz DEFAULT now(), PRIMARY KEY (revision, direction, number))'
    hold
    echo 'BEGIN; DROP TABLE cmig_version_steps;' >&7
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 'cmig_version_steps'::regclass AND mode = 'AccessExclusiveLock'" 1
    start --lock-timeout 20s upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE NOT granted" 1
    echo 'COMMIT;' >&7
    finish
    release
    same "$status" 0
    rows_are aaa
}

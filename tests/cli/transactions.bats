#!/usr/bin/env bats
# What is committed together, and what stands after a failure.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

@test "a failure in the third revision leaves not even the version table" {
    chain
    rev ccc bbb 'CREATE TABLE c (id int); SELECT nope;'
    fails 1 upgrade head
    out_is ''
    err_has migrations/versions/ccc.sql:6:33 'revision: ccc' 'state: nothing was changed; the database is at base'
    untouched
}

@test "a failure after earlier runs leaves the database where it was" {
    chain
    ok upgrade aaa
    rev ccc bbb 'SELECT nope;'
    fails 1 upgrade head
    err_has 'state: nothing was changed; the database is at aaa'
    tables_are a
    rows_are aaa
    log_is 'upgrade aaa'
}

@test "all revisions share one transaction" {
    rev aaa '' 'CREATE TABLE ran (t bigint); INSERT INTO ran VALUES (txid_current());'
    rev bbb aaa 'INSERT INTO ran VALUES (txid_current());'
    ok upgrade head
    sql_is 'SELECT count(*), count(DISTINCT t) FROM ran' '2|1'
}

@test "transaction_per_migration keeps what ran before the failure" {
    project 'transaction_per_migration = true'
    chain
    rev ccc bbb 'CREATE TABLE c (id int); SELECT nope;'
    fails 1 upgrade head
    err_has 'state: 2 revisions are committed' 'the database is at bbb'
    tables_are 'a b'
    rows_are bbb
    log_is 'upgrade aaa, upgrade bbb'
}

@test "transaction: false lets CREATE INDEX CONCURRENTLY run" {
    rev aaa '' 'CREATE TABLE a (id int);'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY a_id ON a (id);' '' 'transaction: false'
    ok upgrade head
    sql_is "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass" t
    rows_are bbb
    log_is 'upgrade aaa, upgrade bbb'
}

@test "a statement that cannot run in a transaction is refused before anything runs, with the way out" {
    local statement
    chain
    rev bbb aaa 'CREATE TABLE b (); SELECT 1;'
    for statement in 'CREATE INDEX CONCURRENTLY a_id ON a (id)' 'drop index concurrently a_id' 'VACUUM a' 'REINDEX (concurrently) TABLE a' \
        'ALTER SYSTEM RESET work_mem' 'CREATE DATABASE x' 'ALTER TABLE a DETACH PARTITION b CONCURRENTLY'; do
        rev ccc bbb "SELECT 1; $statement;"
        fails 1 upgrade head
        err_has ccc.sql:6:11 'cannot run inside a transaction' 'hint: put "transaction: false" in the header' 'nothing was changed'
        lacks "$err" 'SQLSTATE'
        untouched
    done
}

@test "what only the server knows not to run in a transaction has the same way out" {
    chain
    rev bbb aaa "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'; CALL p();"
    fails 1 upgrade bbb
    err_has bbb.sql:6:63 'SQLSTATE: 2D000' 'transaction: false'
    untouched
}

@test "the neighbours of transaction: false are committed before it and begun after it" {
    local note='INSERT INTO ran VALUES (txid_current());'
    rev aaa '' "CREATE TABLE ran (t bigint); $note"
    rev bbb aaa "$note"
    rev ccc bbb "$note" '' 'transaction: false'
    rev ddd ccc "$note"
    rev eee ddd "$note"
    ok upgrade head
    sql_is 'SELECT array_agg(n ORDER BY t) FROM (SELECT t, count(*) AS n FROM ran GROUP BY t) x' '{2,1,2}'
    rows_are eee
}

@test "a failure after transaction: false keeps it and what came before" {
    chain
    rev bbb aaa 'CREATE TABLE b (id int);' '' 'transaction: false'
    rev ccc bbb 'CREATE TABLE c (id int); SELECT nope;'
    fails 1 upgrade head
    err_has 'state: 2 revisions are committed' 'the database is at bbb'
    tables_are 'a b'
    rows_are bbb
}

@test "a failure inside transaction: false says what stays and that it is not recorded" {
    chain
    rev bbb aaa 'CREATE TABLE b (id int); SELECT nope;' '' 'transaction: false'
    fails 1 upgrade head
    err_has bbb.sql:7:33 'state: ' '1 statement of bbb was committed; the next run resumes after it' 'the database is at aaa'
    tables_are 'a b'
    rows_are aaa
    log_is 'upgrade aaa'
}

@test "transaction: false may begin and commit transactions of its own" {
    rev aaa '' 'BEGIN; CREATE TABLE a (id int); COMMIT; VACUUM a;' '' 'transaction: false'
    ok upgrade head
    rows_are aaa
    tables_are a
}

@test "transaction: false that leaves a transaction open is an error, and not recorded" {
    rev aaa '' 'BEGIN; CREATE TABLE a (id int);' '' 'transaction: false'
    fails 1 upgrade head
    err_has aaa.sql 'transaction open' COMMIT
    tables_are ''
    rows_are ''
}

@test "whatever fails behind the statements of transaction: false, the state line says that they stay" {
    local last
    rev aaa '' 'SELECT 1;'
    for last in 'BEGIN; CREATE TABLE c ();' 'ALTER TABLE cmig_log ADD CHECK (id < 2);' 'DROP TABLE cmig_version;' \
        "UPDATE cmig_version SET version_num = 'zzz';" 'SELECT nope;'; do
        rev bbb aaa "CREATE TABLE b (); $last" '' 'transaction: false'
        ok upgrade aaa
        fails 1 upgrade head
        err_has 'revision: bbb' 'of bbb w' 'committed; the next run resumes after '
        err_lacks 'nothing was changed'
        tables_are b
        sql 'DROP TABLE IF EXISTS b, cmig_log, cmig_version, cmig_version_steps'
    done
}

@test "a file that changes between the check and the run is checked again" {
    rev aaa '' "$(slow_start)"
    rev bbb aaa "CREATE TABLE b (); -- $(printf '%070000d' 1)" # a small file is kept as it was checked
    hold
    start upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    rev bbb aaa 'COMMIT;'
    release
    finish
    same "$status" 1
    err_has bbb.sql COMMIT 'nothing was changed'
    tables_are ''
}

@test "two upgrades at once on a fresh database both succeed, and each revision runs once" {
    rev aaa '' 'SELECT pg_advisory_xact_lock(1); CREATE TABLE a (id int);' 'DROP TABLE a;'
    rev bbb aaa 'CREATE TABLE b (id int);'
    hold
    start_two upgrade head
    release
    both_end_well
    rows_are bbb
    log_is 'upgrade aaa, upgrade bbb'
    err_has 'nothing to do'
}

@test "two upgrades at once run a revision outside a transaction once" {
    sql 'CREATE TABLE ran (id int)'
    rev aaa '' 'INSERT INTO ran VALUES (1); SELECT pg_advisory_lock(1); SELECT pg_advisory_unlock(1);' '' 'transaction: false'
    hold
    start_two upgrade head
    release
    both_end_well
    sql_is 'SELECT count(*) FROM ran' 1
    rows_are aaa
    log_is 'upgrade aaa'
}

@test "a COMMIT hidden in a procedure or DO cannot break the transaction" {
    chain
    rev bbb aaa 'DO $$ BEGIN COMMIT; END $$;'
    fails 1 upgrade head
    err_has 'SQLSTATE: 2D000'
    untouched
}

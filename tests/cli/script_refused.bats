#!/usr/bin/env bats
# What upgrade --sql and downgrade --sql refuse, and when their scripts refuse to run.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

keep_script() { cp "$BATS_TEST_TMPDIR/out" script.sql; }
run_script() { PGOPTIONS='-c client_min_messages=warning' "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql; }

# script_fails TEXT...: psql ends with an error that has all texts.
script_fails() {
    status=0
    run_script >answer 2>&1 || status=$?
    cat answer
    [ "$status" -ne 0 ]
    has "$(cat answer)" "$@"
}

# ---------------------------------------------------------------- a script on the wrong state

@test "a script from base does not run on a database that is further" {
    chain
    ok upgrade --sql head
    keep_script
    ok upgrade aaa
    script_fails base aaa
    rows_are aaa
    tables_are a
    log_is 'upgrade aaa'
}

@test "a script from a revision does not run on an empty database, and leaves nothing" {
    chain
    ok upgrade --sql aaa:ccc
    keep_script
    script_fails
    untouched
}

@test "a script does not run twice" {
    chain
    ok upgrade --sql head
    keep_script
    run_script
    script_fails ccc
    rows_are ccc
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc'
}

@test "a script of downgrade does not run on another state" {
    chain
    ok downgrade --sql ccc:base
    keep_script
    ok upgrade bbb
    script_fails ccc bbb
    rows_are bbb
    tables_are 'a b'
}

@test "a script of transaction: false does not run on another state" {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;' 'transaction: false'
    rev bbb aaa 'CREATE TABLE b ();' 'DROP TABLE b;' 'transaction: false'
    ok upgrade --sql head
    keep_script
    ok stamp aaa
    script_fails aaa
    rows_are aaa
    tables_are ''
}

@test "a script on the wrong state stops even when psql is not told to" {
    project 'transaction_per_migration = true'
    chain
    ok upgrade --sql head
    keep_script
    ok stamp bbb
    status=0
    "$PSQL" -X -q -d "$DB" <script.sql >answer 2>&1 || status=$?
    [ "$status" -ne 0 ]
    rows_are bbb
    tables_are ''
}

@test "a script on the wrong state changes nothing even when psql goes on after errors" {
    chain
    ok upgrade --sql head
    keep_script
    ok stamp bbb
    "$PSQL" -X -q -d "$DB" -f script.sql >answer 2>&1 || :
    rows_are bbb
    tables_are ''
}

@test "a failing statement undoes the whole script" {
    chain
    rev ccc bbb 'CREATE TABLE c (id int); SELECT nope;'
    ok upgrade --sql head
    keep_script
    script_fails nope
    untouched
}

# ---------------------------------------------------------------- without a server

@test "upgrade --sql needs no server and no url" {
    chain
    unset DATABASE_URL
    export PGHOST=/nowhere
    ok upgrade --sql head
    out_has 'CREATE TABLE a' 'CREATE TABLE c' COMMIT
    ok downgrade --sql ccc:base
    out_has 'DROP TABLE a'
}

@test "START current asks the database, and touches nothing" {
    chain
    ok upgrade --sql current:head
    out_has 'CREATE TABLE a'
    untouched
    ok upgrade aaa
    ok upgrade --sql current:head
    out_lacks 'CREATE TABLE a '
    out_has 'CREATE TABLE b'
    tables_are a
    PGHOST=/nowhere fails 1 upgrade --sql current:head
    out_is ''
}

@test "--sql runs nothing and prints no line of a run" {
    chain
    ok upgrade --sql head
    err_is ''
    untouched
}

@test "with nothing to do, --sql prints no script and says so" {
    chain
    ok upgrade --sql ccc:head
    out_is ''
    err_has ccc
}

@test "upgrade --sql START: and :END have open ends" {
    chain
    ok upgrade --sql aaa:
    out_has 'CREATE TABLE c'
    out_lacks 'CREATE TABLE a '
    ok upgrade --sql :bbb
    out_has 'CREATE TABLE a '
    out_lacks 'CREATE TABLE c '
}

@test "START heads stands for several rows" {
    fork
    ok upgrade heads
    ok downgrade --sql heads:aaa
    keep_script
    run_script
    rows_are aaa
    tables_are a
}

# ---------------------------------------------------------------- what is refused

@test "downgrade --sql without START is refused, and says why" {
    chain
    fails 1 downgrade --sql base
    out_is ''
    err_has START:END
    fails 1 downgrade --sql -1
    err_has START:END
    fails 1 downgrade --sql :base
    err_has START:END
}

@test "START:END without --sql is refused" {
    chain
    fails 1 upgrade aaa:bbb
    err_has aaa:bbb
    fails 1 downgrade ccc:aaa
    err_has ccc:aaa
    untouched
}

@test "--sql with two colons, an unknown revision or an END elsewhere prints nothing" {
    local range
    fork
    for range in aaa:bbb:ccc zzz:bbb aaa:zzz head aaa:head aaa:-1; do
        fails 1 upgrade --sql "$range"
        out_is ''
    done
    for range in bbb:ccc aaa:bbb base:aaa zzz:base; do
        fails 1 downgrade --sql "$range"
        out_is ''
    done
}

@test "a wrong block anywhere leaves stdout empty" {
    local block
    chain
    for block in 'COMMIT;' "SELECT 'open;" '\connect other' 'SELECT $$open;' '/* open' 'COPY c FROM stdin;' $'SELECT \'\xff\';'; do
        rev ccc bbb "$block" ''
        fails 1 upgrade --sql head
        out_is ''
        err_has migrations/versions/ccc.sql
    done
}

@test "a missing downgrade block leaves stdout empty" {
    chain
    header aaa >migrations/versions/aaa.sql
    echo '-- cmig:upgrade' >>migrations/versions/aaa.sql
    fails 1 downgrade --sql ccc:base
    out_is ''
    err_has migrations/versions/aaa.sql
}

@test "a broken file that the range does not touch does not matter" {
    chain
    rev ccc bbb 'COMMIT;' ''
    ok upgrade --sql bbb
}

# ---------------------------------------------------------------- the output

@test "a script that cannot be written whole is an error" {
    [ -e /dev/full ] || skip 'no /dev/full'
    chain
    status=0
    "$CMIG" upgrade --sql head >/dev/full 2>errors || status=$?
    same "$status" 1
    has "$(cat errors)" 'cannot'
    rev ccc bbb "SELECT '$(printf '%0300000d' 0)';" ''
    status=0
    "$CMIG" upgrade --sql head >/dev/full 2>errors || status=$?
    same "$status" 1
    has "$(cat errors)" 'cannot'
}

@test "a script with stdout closed is an error" {
    chain
    local command
    for command in 'upgrade --sql head' 'downgrade --sql head:base' 'stamp --sql head' 'ensure-version --sql'; do
        status=0
        # shellcheck disable=SC2086 # words on purpose
        "$CMIG" $command >&- 2>errors || status=$?
        same "$status" 1
        has "$(cat errors)" 'error: '
    done
}

@test "a message with a newline cannot leave its comment" {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;' 'message: "one\nCREATE TABLE broken1 ();\r\nCREATE TABLE broken2 ();\u2028\u0085CREATE TABLE broken3 ();"'
    ok upgrade --sql head
    keep_script
    run_script
    tables_are a
    sql_is 'SELECT message FROM cmig_log' $'one\nCREATE TABLE broken1 ();\r\nCREATE TABLE broken2 ();\xe2\x80\xa8\xc2\x85CREATE TABLE broken3 ();'
}

@test "a file name with a newline cannot leave its comment" {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    mv migrations/versions/aaa.sql $'migrations/versions/x\nCREATE TABLE broken ();\n.sql'
    ok upgrade --sql head
    keep_script
    run_script
    tables_are a
}

@test "a message that is a comment, a quote or a psql command stays text" {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;' "message: \"*/ \\\\q it's \\\" \$\$ :DBNAME \\\\! touch broken\""
    ok upgrade --sql head
    keep_script
    run_script
    tables_are a
    [ ! -e broken ]
    sql_is 'SELECT message FROM cmig_log' "*/ \\q it's \" \$\$ :DBNAME \\! touch broken"
}

@test "the script names each revision as it comes" {
    chain
    ok upgrade --sql head
    out_has '<base> -> aaa' 'aaa -> bbb' 'bbb -> ccc' 'make b'
    ok downgrade --sql ccc:aaa
    out_has 'ccc -> bbb' 'bbb -> aaa'
}

@test "a script of a block that leaves a transaction open fails, and does not record it" {
    rev aaa '' 'BEGIN; CREATE TABLE a ();' '' 'transaction: false'
    "$CMIG" upgrade --sql head >script.sql
    local result=0
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql 2>said || result=$?
    same "$result" 3
    has "$(cat said)" 'leaves a transaction open'
    rows_are ''
}

@test "a script does not use the version table of another schema" {
    chain
    ok upgrade aaa
    "$CMIG" upgrade --sql aaa:bbb >script.sql
    sql 'CREATE SCHEMA other'
    local result=0
    PGOPTIONS='-c search_path=other,public' "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql 2>said || result=$?
    same "$result" 3
    has "$(cat said)" '"other"' '"public"'
    rows_are aaa
}

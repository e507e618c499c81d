#!/usr/bin/env bats
# Passwords and other secrets: they are in no output, no statement and no log.

load helper

setup() {
    fresh_folder
    fresh_database
    project
}

@test "a password in a URL that stands where something else belongs is masked" {
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE a;'
    url=postgresql://someone:tellno1@nowhere.invalid/x
    for words in "upgrade $url" "downgrade $url" "stamp $url" "show $url" "history -r $url" "edit $url" "merge $url aaa" "$url" "--$url" \
        "init $url/x" "diff --from $url/../y --to nothing" "dump --to $url" "-c $url current" "-n $url current" "--color $url current" \
        "--lock-timeout $url upgrade head" "--url mysql://someone:tellno1@nowhere.invalid/x current" "--url $url current" \
        'upgrade password=tellno1' '--url host=nowhere.invalid:password=tellno1 current'; do
        # shellcheck disable=SC2086 # words on purpose
        cmig $words
        [ "$status" != 0 ]
        [[ $out$err != *tellno1* ]]
        [ -n "$err" ]
    done
    fails 1 history -r "$url"
    err_has postgresql://someone:\*\*\*@nowhere.invalid/x
}

# The revision holds the session, so that the test can look.
look_at_run() {
    start "$@"
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()" 1
    seen=$(sql "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%tell' || 'no1%'")
    in_list=$(tr '\0' ' ' <"/proc/$PID/cmdline" | grep -c tellno1 || :)
    finish
    same "$seen $in_list $status" '0 0 0'
}

@test "the value of -x reaches the revisions, and is in no statement, no log and no process list" {
    sql "ALTER DATABASE $DB SET log_statement = 'all'"
    rev aaa '' "CREATE TABLE a AS SELECT current_setting('cmig.tok') AS v; SELECT pg_sleep(0.7);" 'DROP TABLE a;'
    rev bbb aaa "SET cmig.tok = 'mine'; RESET ALL; CREATE TABLE b AS SELECT current_setting('cmig.tok') AS v;" 'DROP TABLE b;'
    rev ccc bbb "SET cmig.tok = 'mine'; CREATE TABLE c AS SELECT 1 AS x;" ''
    rev ddd ccc "CREATE TABLE d AS SELECT current_setting('cmig.tok') AS v;" ''
    look_at_run -x "tok=tellno1 it's \\ \"so\"" upgrade head
    same "$(sql 'SELECT v FROM a UNION SELECT v FROM b UNION SELECT v FROM d')" "tellno1 it's \\ \"so\""
    if [ -r "${CMIG_SERVER_LOG:-}" ]; then
        grep -q "current_setting('cmig.tok')" "$CMIG_SERVER_LOG" # it is the log of this server
        ! grep -q "tellno1 it's" "$CMIG_SERVER_LOG"
    fi
}

@test "a value of -x that is too large for the start of a connection reaches the revisions too" {
    rev aaa '' "CREATE TABLE a AS SELECT length(current_setting('cmig.tok')) AS v; RESET ALL;" 'DROP TABLE a;'
    rev bbb aaa "CREATE TABLE b AS SELECT length(current_setting('cmig.tok')) AS v; SELECT pg_sleep(0.7);" 'DROP TABLE b;'
    look_at_run -x "tok=tellno1$(printf '%09000d' 0)" upgrade head
    same "$(sql 'SELECT a.v, b.v FROM a, b')" '9007|9007'
}

@test "secret: keeps the value out of a script, which takes it from psql" {
    rev aaa '' "CREATE TABLE a AS SELECT current_setting('cmig.tok') AS v;" 'DROP TABLE a;'
    "$CMIG" -x secret:tok=tellno1 -x plain=visible upgrade head --sql >script.sql
    ! grep -q tellno1 script.sql
    grep -qF 'SET cmig."plain" = '\''visible'\'';' script.sql
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -v tok="it's" -d "$DB" -f script.sql
    same "$(sql 'SELECT v FROM a')" "it's"
    ok -x secret:tok=tellno1 downgrade base
    ok -x secret:tok=tellno1 upgrade head
    same "$(sql 'SELECT v FROM a')" tellno1
}

@test "what is wrong with -x is told without its value" {
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE a;'
    for variable in my-tok=tellno1 =tellno1 1=tellno1 secret:=tellno1 tellno1; do
        fails 2 -x "$variable" upgrade head
        [[ $err != *tellno1* ]]
        err_has ' -x' "a name is letters, digits and \"_\""
    done
}

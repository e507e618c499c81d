# What the test files share: a project in a fresh folder, a fresh database, and words that say what is expected.
#
# Run with the server of tests/with-server.sh: tests/with-server.sh bats --tap tests/cli

case ${CMIG:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)/build/cmig} in /*) ;; *) CMIG=$PWD/$CMIG ;; esac
PSQL=${CMIG_PSQL:-psql}
SERVER_BINDIR=${CMIG_PG_BINDIR:-}
SERVER_RULES=${CMIG_SERVER_PID_FILE:+${CMIG_SERVER_PID_FILE%/*}/pg_hba.conf}

# ---------------------------------------------------------------- before and after a test

# A folder of its own, and none of the settings that cmig or libpq would take from the environment.
fresh_folder() {
    local name
    for name in "${!PG@}" "${!CMIG_@}"; do
        case $name in PGHOST | PGUSER) ;; *) unset "$name" ;; esac
    done
    unset DATABASE_URL NO_COLOR TZ LANGUAGE
    export LC_ALL=C TERM=dumb HOME=$BATS_TEST_TMPDIR/home
    mkdir -p "$HOME" "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return
    DB='' ROLE=''
}

# A database of its own, which DATABASE_URL points at.
fresh_database() {
    local spare=$BATS_FILE_TMPDIR/spare name=cmig_test_$$_$RANDOM
    if [ -f "$spare" ]; then
        name=$(cat "$spare")
        rm "$spare"
    else
        sql "CREATE DATABASE $name"
    fi
    DB=$name
    export DATABASE_URL=postgresql:///$DB
}

# A tenth of a second goes into each new database, so one that is still as it was created is the next test's.
leave_database() {
    local left=$DB
    if [ -z "${ROLE:-}" ] && [ "$(sql "$CHANGES")" = 0 ] && [ "$(sql "$OTHERS")" = 0 ]; then
        echo "$left" >"$BATS_FILE_TMPDIR/spare"
        return
    fi
    DB=''
    sql "DROP DATABASE $left WITH (FORCE)"
    if [ -n "${ROLE:-}" ]; then sql "DROP ROLE $ROLE"; fi
}

# NOT NULL is a row of pg_constraint from PostgreSQL 18 on; pg_attribute has it everywhere.
NO_NOT_NULL="contype <> 'n'"

# How many things were created in the database, and how many other sessions it has.
CHANGES="SELECT count(*) FROM (SELECT oid FROM pg_class UNION ALL SELECT oid FROM pg_proc UNION ALL SELECT oid FROM pg_type
    UNION ALL SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_') created WHERE oid >= 16384"
OTHERS='SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'

teardown() {
    cd /
    if [ -n "${HOLDER:-}" ]; then release; fi
    if [ -n "${DB:-}" ]; then leave_database; fi
}

teardown_file() {
    if [ -f "$BATS_FILE_TMPDIR/spare" ]; then sql "DROP DATABASE $(cat "$BATS_FILE_TMPDIR/spare") WITH (FORCE)"; fi
}

# A role of its own, with the attributes given, that may do nothing in the database yet.
fresh_role() {
    ROLE=cmig_test_role_$$_$RANDOM
    sql "CREATE ROLE $ROLE LOGIN ${1:-}; REVOKE CREATE ON SCHEMA public FROM PUBLIC"
}

# An empty project, as init would make it, with more lines for its ini file.
project() {
    mkdir -p migrations/versions
    ini 'script_location = migrations' 'url = ${DATABASE_URL}' "$@"
}

ini() { printf '%s\n' '[cmig]' "$@" >migrate.ini; }

# A project with a schema source, and a superuser who may create all that it contains.
source_project() {
    fresh_folder
    fresh_database
    fresh_role SUPERUSER
    export DATABASE_URL="postgresql://$ROLE@/$DB"
    project 'schema = schema.sql'
}

# Whom the server runs as, for what a test does in its place.
as_server() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
        return
    fi
    local user=nobody
    if id postgres >/dev/null 2>&1; then user=postgres; fi
    command -v setpriv >/dev/null || skip 'run by root, and no setpriv to become the user of the server'
    setpriv --reuid="$(id -u "$user")" --regid="$(id -g "$user")" --clear-groups "$@"
}

# ---------------------------------------------------------------- revision files

# rev ID DOWN UPGRADE DOWNGRADE [KEY: VALUE]...: a revision file, of which the upgrade block begins in line 6, or
# further down by the number of further header lines.
rev() {
    {
        printf -- '-- ---\n-- revision: %s\n-- down_revision: %s\n' "$1" "$2"
        if [ $# -gt 4 ]; then printf -- '-- %s\n' "${@:5}"; fi
        printf -- '-- ---\n-- cmig:upgrade\n%s\n-- cmig:downgrade\n%s\n' "$3" "${4-}"
    } >"migrations/versions/$1.sql"
}

# file NAME: a revision file as standard input has it.
file() { cat >"migrations/versions/$1"; }

# header ID [KEY: VALUE]...: a header, to be followed by whatever the test is about.
header() {
    printf -- '-- ---\n-- revision: %s\n' "$1"
    if [ $# -gt 1 ]; then printf -- '-- %s\n' "${@:2}"; fi
    printf -- '-- ---\n'
}

# a <- b <- c, which make and drop a table of their name.
chain() {
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE a;' 'message: make a'
    rev bbb aaa 'CREATE TABLE b (id int);' 'DROP TABLE b;' 'message: make b'
    rev ccc bbb 'CREATE TABLE c (id int);' 'DROP TABLE c;' 'message: make c'
}

# aaa <- bbb and ccc, which nothing joins.
fork() {
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE a;'
    rev bbb aaa 'CREATE TABLE b (id int);' 'DROP TABLE b;'
    rev ccc aaa 'CREATE TABLE c (id int);' 'DROP TABLE c;'
}

# ---------------------------------------------------------------- running

# Runs the program. $status, $out and $err are what it gave; bats shows what is echoed here when the test fails.
cmig() {
    status=0
    "$CMIG" "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
    took "cmig $*"
}

took() {
    out=$(cat "$BATS_TEST_TMPDIR/out")
    err=$(cat "$BATS_TEST_TMPDIR/err")
    printf '$ %s\n%s\n%s\nexit status %s\n' "$1" "${out:0:2000}" "${err:0:2000}" "$status"
}

ok() {
    cmig "$@"
    [ "$status" -eq 0 ]
}

# fails STATUS ARGUMENT...
fails() {
    cmig "${@:2}"
    [ "$status" -eq "$1" ] && err_has ': error: '
}

# Starts the program in the background; $PID is it, and `finish [SECONDS]` waits for it, for at most ten seconds.
start() {
    "$CMIG" "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null 3>&- 7>&- &
    PID=$!
}

finish() {
    local i
    status=0
    for ((i = 0; i < 20 * ${1:-10}; i++)); do
        kill -0 "$PID" 2>/dev/null || break
        sleep 0.05
    done
    kill -KILL "$PID" 2>/dev/null || :
    wait "$PID" || status=$?
    took "(in the background)"
}

# Runs a command twice at once: the first run is held up by the lock of `hold`, then the second, $PID, comes.
start_two() {
    "$CMIG" "$@" >one 2>&1 </dev/null 3>&- 7>&- &
    ONE=$!
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    SESSIONS=$(sessions)
    start "$@"
    until_sql "SELECT ($SESSIONS_SQL) > $SESSIONS" t
}

SESSIONS_SQL="SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'cmig %'"
sessions() { sql "$SESSIONS_SQL"; }

both_end_well() {
    local second
    finish
    second=$status
    PID=$ONE
    finish
    cat one
    same "$status $second" '0 0'
}

# As a user who may not read or write everything, which root may. The program is copied to where that user finds it.
cmig_as_nobody() {
    status=0
    if [ "$(id -u)" -ne 0 ]; then
        cmig "$@"
        return
    fi
    command -v setpriv >/dev/null || skip "run by root, and no setpriv to become nobody"
    cp "$CMIG" ./cmig-copy
    chmod 755 ./cmig-copy .
    setpriv --reuid=65534 --regid=65534 --clear-groups ./cmig-copy "$@" >"$BATS_TEST_TMPDIR/out" \
        2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
    rm ./cmig-copy
    took "cmig $* (as nobody)"
}

sql() { PGOPTIONS='-c client_min_messages=warning' "$PSQL" -XAtq -v ON_ERROR_STOP=1 -d "${DB:-postgres}" -c "$1"; }

# The major versions of the server, and of a program that came with one.
server_major() { sql "SELECT current_setting('server_version_num')::int / 10000"; }
program_major() { "$1" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/'; }

# A chroot may have script(1) and no terminals for it.
needs_terminal() {
    command -v script >/dev/null || skip 'no script(1) to be a terminal'
    script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'script(1) gets no terminal'
}

# Asks the server again until the answer is as expected, for at most ten seconds.
until_sql() {
    local i
    for i in {1..200}; do
        if [ "$(sql "$1")" = "$2" ]; then return; fi
        sleep 0.05
    done
    echo "after ten seconds, $1 is still not: $2"
    return 1
}

# until_text TEXT FILE: waits until the file has the text, for at most ten seconds.
until_text() {
    local i
    for i in {1..200}; do
        if grep -qF -- "$1" "$2"; then return; fi
        sleep 0.05
    done
    echo "after ten seconds, there is still no: $1"
    return 1
}

# A session that holds pg_advisory_lock(1) until `release`: a revision that takes the lock waits for it.
hold() {
    mkfifo "$BATS_TEST_TMPDIR/holder"
    "$PSQL" -XAtq -d "$DB" <"$BATS_TEST_TMPDIR/holder" >/dev/null 3>&- &
    HOLDER=$!
    exec 7>"$BATS_TEST_TMPDIR/holder"
    echo 'SELECT pg_advisory_lock(1);' >&7
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND granted" 1
}

# Statements that wait for the lock of `hold`, and so many more behind it that the next revision is not read before.
slow_start() {
    local much
    much=$(printf '%09000d' 0)
    printf "SELECT pg_advisory_lock(1);\nSELECT length('%s');\nSELECT length('%s');\nSELECT length('%s');" "$much" "$much" "$much"
}

release() {
    exec 7>&-
    wait "$HOLDER" || :
    HOLDER=''
}

# ---------------------------------------------------------------- expecting

same() {
    if [ "$1" = "$2" ]; then return; fi
    printf 'expected: %s\nbut it is: %s\n' "$2" "$1"
    return 1
}

has() {
    local text
    for text in "${@:2}"; do
        if [[ $1 == *"$text"* ]]; then continue; fi
        printf 'expected to hold: %s\nbut it is: %s\n' "$text" "$1"
        return 1
    done
}

lacks() {
    local text
    for text in "${@:2}"; do
        if [[ $1 != *"$text"* ]]; then continue; fi
        printf 'expected not to hold: %s\nbut it is: %s\n' "$text" "$1"
        return 1
    done
}

out_is() { same "$out" "$1"; }
out_has() { has "$out" "$@"; }
out_lacks() { lacks "$out" "$@"; }
err_is() { same "$err" "$1"; }
err_has() { has "$err" "$@"; }
err_lacks() { lacks "$err" "$@"; }
sql_is() { same "$(sql "$1")" "$2"; }

# The first hint that was printed.
hint() { sed -n 's/^ *hint: //Ip' <<<"$err" | head -1; }

# The revisions that the version table names, and those that the log table tells of, in order.
rows_are() { sql_is "SELECT coalesce(string_agg(version_num, ' ' ORDER BY version_num), '') FROM cmig_version" "$1"; }
log_is() { sql_is "SELECT coalesce(string_agg(direction || ' ' || revision, ', ' ORDER BY id), '') FROM cmig_log WHERE error IS NULL" "$1"; }

# The tables of the user's schema but cmig's own.
tables_are() {
    sql_is "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class
             WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT LIKE 'cmig%'" "$1"
}

# The database is as it was created.
untouched() { sql_is "$CHANGES" 0; }

# json_is EXPRESSION TEXT: of the answer, which is j.
json_is() { same "$("$PSQL" -XAtq -v ON_ERROR_STOP=1 -v j="$out" -d postgres <<<"SELECT $1 FROM (SELECT :'j'::jsonb AS j) answer")" "$2"; }

files_are() { same "$(find "$1" -mindepth 1 | LC_ALL=C sort | tr '\n' ' ')" "$2"; }

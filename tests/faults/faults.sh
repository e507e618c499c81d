#!/usr/bin/env bash
# Makes the n-th call of each kind fail in each command, and checks what is left behind; prints one TAP line each
# command. CMIG is a cmig that inject.c is linked into.
#
# SAMPLES=N tests N calls of each kind, spread evenly over the run (default: all of them). COMMANDS and KINDS select
# some. JOBS splits the work. What a failed fault left is printed with the calls that led to it. Needs bash 5.
#
# After each fault:
#   - the result is that of an undisturbed run, in every way, or the status is 1 or 2 and there is an error message;
#   - no temporary file or database is left, and each file is as it was before or as an undisturbed run leaves it;
#   - version rows, log and tables agree, and the state that cmig printed is true;
#   - running the command again leads to the result of an undisturbed run.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
ALL_KINDS='memory open read stat write fsync close rename unlink mkdir connect send recv poll'
: "${CMIG:?the program}" "${SAMPLES:=all}" "${PATIENCE:=60}" "${KINDS:=$ALL_KINDS}"
if [ -z "${CMIG_SERVER_PID_FILE:-}" ]; then exec "$here/../with-server.sh" "$here/faults.sh"; fi
# shellcheck source=tests/faults/commands.bash
source "$here/commands.bash"
: "${COMMANDS:=$ALL_COMMANDS}"

# must_know VARIABLE WORDS: each word of the variable is one of these.
must_know() {
    local word
    for word in ${!1}; do
        [[ " $2 " == *" $word "* ]] || { echo "faults.sh: $1 is a list of:$2; it has \"$word\"" >&2; exit 1; }
    done
}
must_know KINDS " $ALL_KINDS"
must_know COMMANDS "$ALL_COMMANDS"
[[ $SAMPLES =~ ^(all|[1-9][0-9]*)$ ]] || { echo "faults.sh: SAMPLES is a number or \"all\": $SAMPLES" >&2; exit 1; }

WORK=$(mktemp -d "${TMPDIR:-/tmp}/cmig-faults.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
export LC_ALL=C HOME=$WORK/home TMPDIR=$WORK/tmp EDITOR="$here/editor.sh" TERM=dumb
export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99
unset CMIG_CONFIG VISUAL DATABASE_URL TZ
mkdir "$HOME" "$TMPDIR" "$WORK/pristine"

sql() { PGOPTIONS='-c client_min_messages=warning' "$CMIG_PSQL" -XAtq -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }

# ---------------------------------------------------------------- what there is

# The files of the project and checksums of them. Dates are the only difference between two runs.
files() {
    (cd "$WORK/project" && find . -type f ! -name '.cmig-*' | sort | while read -r file; do
        echo "$file $(sed 's/^-- create_date: .*//' "$file" | cksum)"
    done)
}
temporary() { find "$TMPDIR" "$WORK/project" -mindepth 1 \( -path "$TMPDIR/*" -o -name '.cmig-*' \); }

# Version rows, log, tables, and what else is on the server.
STATE="SELECT to_regclass('cmig_version') IS NOT NULL AS made, to_regclass('cmig_log') IS NOT NULL AS logged \\gset
\\if :made
SELECT 'row ' || version_num FROM cmig_version ORDER BY 1;
\\endif
\\if :logged
SELECT 'log ' || direction || ' ' || revision FROM cmig_log WHERE error IS NULL ORDER BY id;
\\endif
SELECT 'table ' || relname || ' ' || (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || oid::regclass,
       false, true, '')))[1] FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
   AND relname NOT IN ('cmig_version', 'cmig_log') ORDER BY 1;
SELECT 'index ' || indexrelid::regclass || ' ' || indisvalid FROM pg_index WHERE indexrelid >= 16384
   AND indrelid::regclass::text !~ '^(pg_|cmig_)' ORDER BY 1;
SELECT 'database ' || datname FROM pg_database WHERE datname !~ '^(fault_|template|postgres)';"
state() { [ "$DB" = none ] || "$CMIG_PSQL" -XAtq -v ON_ERROR_STOP=1 -d "$DB" <<<"$STATE"; }
state_row() { awk '$1 == "row" { row = $2 } END { print row ? row : "base" }' <<<"$1"; }

# What in a state does not fit together. A revision outside a transaction may be done in part: r3, above r2 or below r3.
disagreements() {
    awk '$1 == "row" { at = substr($2, 2) + 0 }
        $1 == "log" { n = substr($3, 2); logged = $2 == "upgrade" ? n : $2 == "downgrade" ? n - 1 : logged }
        $1 == "table" && $2 ~ /^t[0-9]$/ { made[substr($2, 2)] = $3 }
        END {
            if (logged + 0 != at + 0) print "the version row is at r" at + 0 ", the log at r" logged + 0
            for (i = 1; i <= 4; i++)
                if ((i in made) != (i <= at) && i != 3) print "the version row is at r" at + 0 ", but t" i " is " \
                    ((i in made) ? "there" : "missing")
        }' <<<"$1"
}

# ---------------------------------------------------------------- one fault

# To empty a database takes less time than to create one.
EMPTY="SELECT format('DROP TABLE %s CASCADE', oid::regclass) FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \\gexec
SELECT format('DROP FUNCTION %s CASCADE', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'public'::regnamespace \\gexec"
make_database() {
    if [ "${DATABASE[$1]}" = empty ] && [ -n "$BEFORE_FILES" ]; then
        PGOPTIONS='-c client_min_messages=warning' "$CMIG_PSQL" -XAtq -v ON_ERROR_STOP=1 -d "$DB" <<<"$EMPTY" >/dev/null
    else
        sql postgres "DROP DATABASE IF EXISTS $DB WITH (FORCE)"
        sql postgres "CREATE DATABASE $DB TEMPLATE fault_${DATABASE[$1]}"
    fi
}

# Makes the files and the database that the command finds, if they have changed.
restore() {
    if [ "$FILES_NOW" != same ]; then
        rm -rf "$WORK/project" "${TMPDIR:?}"
        mkdir "$TMPDIR"
        cp -a "$WORK/pristine/${PROJECT[$1]}" "$WORK/project"
        FILES_NOW=same
    fi
    if [ "$STATE_NOW" != "$BEFORE_STATE" ]; then
        make_database "$1"
        STATE_NOW=$BEFORE_STATE
    fi
}

# Sets FILES_NOW to "same" if no file was created or changed, and STATE_NOW.
look() {
    FILES_NOW=same
    diff -r "$WORK/pristine/${PROJECT[$1]}" "$WORK/project" >/dev/null && rmdir "$TMPDIR" 2>/dev/null && mkdir "$TMPDIR" ||
        FILES_NOW=$(files)
    STATE_NOW=$(state)
}

# run FAULT COMMAND: status, out and err are what it gave.
run() {
    local words
    eval "words=(${WORDS[$2]})"
    status=0
    rm -f "$WORK/seen"
    (cd "$WORK/project" && exec env FAULT="$1" FAULT_SEEN="$WORK/seen" timeout -k 1 "$PATIENCE" "$CMIG" "${words[@]}") \
        >"$WORK/out" 2>"$WORK/err" </dev/null || status=$?
    out=$(sed -e "s/^-- create_date: .*//" "$WORK/out")
    err=$(cat "$WORK/err")
}

complain() { why+=("$*"); }

# Each file is as it was before, or as an undisturbed run leaves it.
check_files() {
    local left
    [ "$FILES_NOW" != same ] || return
    if [ "$KIND" != unlink ]; then
        left=$(temporary)
        [ -z "$left" ] || complain "left behind: $left"
    fi
    left=$(grep -vxF "$BEFORE_FILES
$AFTER_FILES" <<<"$FILES_NOW")
    [ -z "$left" ] || complain "half-written: $left"
}

check_database() {
    local told left
    left=$(grep '^database ' <<<"$STATE_NOW")
    [ -z "$left" ] || complain "left behind: $left"
    if [ "$STATE_NOW" != "$BEFORE_STATE" ] && [ "$STATE_NOW" != "$AFTER_STATE" ]; then
        [ -n "${PARTS[$1]:-}" ] || complain "the database has changed: $STATE_NOW"
        left=$(disagreements "$STATE_NOW")
        [ -z "$left" ] || complain "$left"
    fi
    told=$(sed -n 's/^state: .*the database is at \(base\|r[0-9]*\).*/\1/p' <<<"$err")
    [ -z "$told" ] || [ "$told" = "$(state_row "$STATE_NOW")" ] || complain "cmig says that the database is at $told: $STATE_NOW"
    if [[ $err == *'state: nothing was changed'* ]] && [ "$STATE_NOW" != "$BEFORE_STATE" ]; then
        complain "cmig says that nothing was changed: $STATE_NOW"
    fi
    [[ $err != *'not known'* ]] || unknown=$((unknown + 1))
}

everything() {
    echo "$out"
    if [ "$FILES_NOW" = same ]; then echo "$BEFORE_FILES"; else echo "$FILES_NOW"; fi
    echo "$STATE_NOW"
}

check_result() {
    local now
    case $status in
    "$GOOD_STATUS")
        now=$(everything)
        [ "$now" = "$GOOD" ] || complain "status $status, but the result differs: $(diff <(echo "$GOOD") <(echo "$now") | grep -m 3 '^[<>]')" ;;
    1 | 2) [[ $err == *'error: '* ]] || complain "status $status without a message" ;;
    124 | 137) complain "did not end within $PATIENCE seconds" ;;
    *) complain "status $status" ;;
    esac
}

# If nothing has changed, running it again is an undisturbed run.
check_rerun() {
    local message=$err
    [ "$FILES_NOW" != same ] || [ "$STATE_NOW" != "$BEFORE_STATE" ] || return
    run none "$1"
    look "$1"
    # A file that was written whole before the fault is not written again.
    if [ -n "${CREATES[$1]:-}" ] && [ "$FILES_NOW" = "$AFTER_FILES" ] && [[ $err$message == *"${CREATES[$1]}"* ]]; then
        err=$message
        return
    fi
    [ "$status" = "$GOOD_STATUS" ] || complain "run again, the status is $status: $(grep -m 1 error: <<<"$err")"
    out=$GOOD_OUT # which may say that nothing was left to do
    # The log of a command that was done in two parts tells of both, which is the same database.
    [ -z "${PARTS[$1]:-}" ] || STATE_NOW=$(grep -v '^log ' <<<"$STATE_NOW")
    now=$(everything)
    # After a COMMIT whose answer was lost, a stamp that is run again is a second stamp.
    [[ $message != *'not known'* ]] || return
    [ "$now" = "$GOOD" ] || [ "$now" = "$(grep -v '^log ' <<<"$GOOD")" ] ||
        complain "run again, the result differs: $(diff <(echo "$GOOD") <(echo "$now") | grep -m 3 '^[<>]')"
    err=$message
}

# fault COMMAND KIND N: false if the command has no such call.
fault() {
    local why=() left
    KIND=$2
    restore "$1"
    run "$2 $3" "$1"
    if [ ! -s "$WORK/seen" ]; then
        FILES_NOW=changed
        [ "$DB" = none ] || STATE_NOW=changed
        return 1
    fi
    faults=$((faults + 1))
    mv "$WORK/seen" "$WORK/calls"
    look "$1"
    check_database "$1"
    check_files
    check_result
    while read -r _ left; do sql postgres "DROP DATABASE $left WITH (FORCE)"; done < <(grep '^database ' <<<"$STATE_NOW")
    if [ "$status" = "$GOOD_STATUS" ]; then harmless=$((harmless + 1)); else check_rerun "$1"; fi
    [ ${#why[@]} = 0 ] && return
    failures=$((failures + 1))
    {
        echo "$1: $2 $3 fails in $(calls)"
        printf '    %s\n' "${why[@]}"
        sed 's/^/    | /' <<<"$err" | head -n 12
    } | sed 's/^/# /'
}

# The function that failed and those that called it, without those of the injector.
calls() {
    head -n 1 "$WORK/calls"
    sed -n '2,$s/.*\/\([^/]*\)(\(.*\)) *\[.*/     at \1 \2/p' "$WORK/calls" | sed -e 1,3d -e 15q
}

# ---------------------------------------------------------------- one command

undisturbed_run() {
    local kind number
    DB=fault_$1
    [ "${DATABASE[$1]}" != none ] || DB=none
    export DATABASE_URL="postgresql:///$DB"
    BEFORE_STATE='' BEFORE_FILES='' STATE_NOW=changed FILES_NOW=changed
    [ "$DB" != none ] || STATE_NOW=''
    restore "$1"
    BEFORE_FILES=$(files)
    BEFORE_STATE=$(state)
    run count "$1"
    FILES_NOW=$(files) STATE_NOW=$(state)
    AFTER_FILES=$FILES_NOW AFTER_STATE=$STATE_NOW
    GOOD_STATUS=$status GOOD_OUT=$out GOOD=$(everything)
    CALLS=()
    while read -r kind number; do CALLS[$kind]=$number; done <"$WORK/seen"
    [ "$status" = "${EXPECTED[$1]:-0}" ] && [ -z "$(temporary)" ] && return
    printf '# %s\n' "$err"
    return 1
}

# The numbers of the calls to be tested.
numbers() {
    local i count=${CALLS[$1]:-0}
    if [ "$SAMPLES" = all ]; then
        echo all
    elif [ "$count" -le "$SAMPLES" ]; then seq "$count"
    else for ((i = 0; i < SAMPLES; i++)); do echo $((1 + i * (count - 1) / (SAMPLES > 1 ? SAMPLES - 1 : 1))); done; fi
}

test_command() {
    local kind number
    undisturbed_run "$1" || return
    for kind in $KINDS; do
        if [ "$SAMPLES" = all ]; then
            for ((number = 1; ; number++)); do fault "$1" "$kind" "$number" || break; done
        else
            for number in $(numbers "$kind"); do fault "$1" "$kind" "$number"; done
        fi
    done
    [ "$failures" = 0 ]
}

declare -A CALLS
make_fixtures || exit
count=0 bad=0 total=0 known=0
for command in $COMMANDS; do
    count=$((count + 1)) faults=0 failures=0 harmless=0 unknown=0
    result=ok
    test_command "$command" || result='not ok' bad=1
    total=$((total + faults))
    known=$((known + unknown))
    echo "$result $count - $command: $faults faults, $harmless of them without an effect, $failures wrong"
    [ "$unknown" = 0 ] || echo "# whether the COMMIT happened was not known after $unknown of them"
done
echo "# $total faults"
[ "$total" -gt 0 ] || { echo "not ok - no call was made to fail"; bad=1; }
exit $bad

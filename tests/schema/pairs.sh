#!/usr/bin/env bash
# Leads each pair of schemas from the old one to the new one and back with `cmig diff`, one TAP line a pair.
#
# pairs.sh [--each | --random] [FILE]...; without files, all of pairs/. A file holds the old schema, a line "-- to:" and the new one;
# between them, below a line "-- rows:", may be the rows that the old tables have. Lines at its top may say:
#   -- server: 15         the server must be that or newer
#   -- needs: NAME        the server must have that extension
#   -- alone              it is about more than one schema: not to be run together with others
#   -- empty              rows would stand in the way of the change
#   -- remade: t t.c ...  what may be dropped and made anew; everything else keeps its oid or number, and its rows
#   -- privileges         owners and grants count
# Without --each, pairs that can be are run many at a time, each in a schema of its own, and one by one if that fails.
#
# Run it with a server: tests/with-server.sh tests/schema/pairs.sh. CMIG is the program, JOBS how many run at a time;
# GROUP how many pairs go together. RANDOM_PAIRS more are random, from SEED on; with --random, only these. They are of the
# RANDOM_KINDS in turn: "pieces" of the files, by random.awk; "swaps" of names and places, by swaps.awk; "edits" of a large
# schema, by edits.awk. RANDOM_GROUP of them go together. KEEP is a folder for what was left of those that fail.
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${CMIG:=$here/../../build/cmig}" "${CMIG_PSQL:=psql}" "${JOBS:=2}" "${GROUP:=40}" "${RANDOM_GROUP:=8}" "${SEED:=1}" "${RANDOM_PAIRS:=0}" "${RANDOM_KINDS:=swaps pieces edits}" "${KEEP:=}"
case $CMIG in /*) ;; *) CMIG=$PWD/$CMIG ;; esac
[ -x "$CMIG" ] || { echo "pairs.sh: no program $CMIG" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C PGUSER_ADMIN=$PGUSER
server=$("$CMIG_PSQL" -XAtc "SHOW server_version_num") || exit 1
server=$((server / 10000))

# ---------------------------------------------------------------- one pair

said() { sed -n "/^-- to:/q; s/^-- $2\(: *\(.*\)\)\{0,1\}\$/\2./p" "$1" | head -n 1 | sed 's/\.$//; s/^$/yes/'; }
old_of() { sed '/^-- rows:$/,$d; /^-- to:$/,$d' "$1"; }
rows_of() { sed -n '/^-- rows:$/,/^-- to:$/p' "$1" | sed '/^-- rows:$/d; /^-- to:$/d'; }
new_of() { sed -n '/^-- to:$/,$p' "$1" | sed '/^-- to:$/d'; }
url() { echo "postgresql://cmig_tester@/cmig_pairs_$1?host=$PGHOST&port=${PGPORT:-5432}"; }

# sql DATABASE ARGUMENT...
sql() {
    local database=$1
    shift
    PGUSER=cmig_tester "$CMIG_PSQL" -X -q -o /dev/null -v ON_ERROR_STOP=1 -v VERBOSITY=terse -d "cmig_pairs_$database" "$@" 2>>"$dir/errors"
}
# Loads files into a database that was emptied before, and takes its snapshot.
look() {
    sql "$1" "${@:3}" -v snapshot="$dir/$2" -v facts="$dir/$2.facts" -v privileges="$privileges" -f "$here/snapshot.sql" &&
        sort -o "$dir/$2" "$dir/$2"
}
fail() {
    printf '%s\n' "$1"
    shift
    [ $# = 0 ] || head -n 40 "$@" 2>/dev/null | cut -c 1-600
}
same() { diff "$dir/$1" "$dir/$2" >"$dir/differs" 2>&1; }
# What both have, they have unchanged.
kept() {
    awk -F '\t' -v remade=" $(said "$pair" remade) " '
        BEGIN { n = split(remade, word, " "); for (i = 1; i <= n; i++) free[word[i]] = 1 }
        { name = $1; sub(/ (rows|values of .*)$/, "", name); short = name; sub(/^[^.]*\./, "", short); top = short; sub(/\..*/, "", top) }
        short in free || top in free || "*" in free { next }
        FNR == NR { was[$1] = $2; next }
        ($1 in was) && was[$1] != $2 { print $1 ": was " was[$1] ", is " $2 }' "$dir/$1.facts" "$dir/$2.facts" >"$dir/differs"
    [ ! -s "$dir/differs" ]
}
# diff FROM TO FILE: what cmig says, which has to be proven.
diff_of() {
    # shellcheck disable=SC2086 # words on purpose
    (cd "$work" && "$CMIG" --url "postgresql://cmig_tester@/postgres?host=$PGHOST&port=${PGPORT:-5432}" diff $options --from "$(url "$1")" --to "$(url "$2")") >"$dir/$3" 2>"$dir/errors"
}
# Runs a plan. The queries in its comments must be possible before it. A new value of an enum cannot be used in the transaction
# that adds it.
apply() {
    awk -f "$here/queries.awk" "$dir/$2" >"$dir/queries.sql"
    look "$1" "$3" -1 -f "$dir/queries.sql" -f "$dir/$2" && return
    grep -q '55P04\|unsafe use of new value' "$dir/errors" && : >"$dir/errors" && look "$1" "$3" -f "$dir/$2"
}

# Does the comment on the statement that failed say that rows can make it fail? Random pairs have the rows of the pieces
# that they are made of, and nobody looked whether the new schema allows them.
predicted() {
    awk -v at="$(sed -n "s/^psql:[^ ]*$1:\([0-9]*\): ERROR:.*/\1/p" "$dir/errors" | head -n 1)" '
        NF == 0 { predicted = 0 }
        /^-- / && /fails if / { predicted = 1 }
        NR == at { found = predicted }
        END { exit !found }' "$dir/$1"
}

# impossible DATABASE: random pieces can make a schema that no text makes, because a call in it means two functions once all are
# there. The server then refuses the same call in the schema itself.
impossible() {
    local call before after
    call=$(sed -n 's/.*failed at ".*": function \(.*\) is not unique$/\1/p' "$dir/errors" | head -n 1 |
        sed 's/, /, NULL::/g; s/(\([^)]\)/(NULL::\1/')
    [ -n "$call" ] || return 1
    before=$(grep -c 'is not unique' "$dir/errors")
    sql "$1" -c "SELECT $call" || :
    after=$(grep -c 'is not unique' "$dir/errors")
    [ "$after" -gt "$before" ]
}

# Before server 15, DROP EXPRESSION leaves the column dependent on the functions of the expression: DROP FUNCTION then drops
# the column, and ALTER COLUMN TYPE is refused. No other statement removes that dependency, so that cmig refuses the plan.
loses_generated() {
    local column lost type_refused='found unexpected dependency for column: function'
    [ "$server" -lt 15 ] || return 1
    lost=$(grep -q '^DROP FUNCTION' "$dir/$1" &&
        sed -n 's/.*column \(.*\) does not exist.*/\1/p; s/.*these still differ: column //p' "$dir/errors")
    while IFS= read -r column; do
        grep -F "ALTER COLUMN $column TYPE " "$dir/errors" | grep -q "$type_refused" && return
        grep -qwF "$column" <<<"$lost" && return
    done < <(sed -n 's/.*ALTER COLUMN \(.*\) DROP EXPRESSION.*/\1/p' "$dir/$1")
    return 1
}

# excused CHECK ARGUMENT: a random pair may fail so. A group is then run one by one.
alone_only='a failure that is allowed ends the test of a group'
excused() {
    [ -n "$(said "$pair" loose)" ] && "$@" || return 1
    [ -z "$(said "$pair" group)" ] || echo "$alone_only"
}

# Databases of the job: a, which is led there and back; n, the new one; o, the old one as cmig makes it.
try_pair() {
    local a=a$job n=n$job o=o$job options='' rows privileges side
    pair=$1
    rm -rf "$dir"
    mkdir -p "$dir"
    privileges=$(said "$pair" privileges)
    [ -z "$privileges" ] || options=--with-privileges
    rows=$here/rows.sql
    [ -z "$(said "$pair" empty)" ] || rows=/dev/null
    for side in old rows new; do
        { [ -z "$(said "$pair" loose)" ] || echo '\set ON_ERROR_STOP 0'
        ${side}_of "$pair"
        echo '\set ON_ERROR_STOP 1'; } >"$dir/$side.sql"
    done
    look "$a" old -f "$here/empty.sql" -f "$dir/old.sql" -f "$rows" -f "$dir/rows.sql" || { fail 'the old schema cannot be loaded' "$dir/errors"; return; }
    look "$n" new -f "$here/empty.sql" -f "$dir/new.sql" || { fail 'the new schema cannot be loaded' "$dir/errors"; return; }
    sql "$o" -f "$here/empty.sql" || { fail 'the third database cannot be emptied' "$dir/errors"; return; }

    diff_of "$o" "$a" make.sql || { excused impossible "$a" && return; fail 'making the old schema: cmig fails' "$dir/errors" "$dir/make.sql"; return; }
    apply "$o" make.sql made || { fail 'making the old schema: the statements fail' "$dir/errors" "$dir/make.sql"; return; }
    same old made || { fail 'making the old schema: it is another one' "$dir/differs" "$dir/make.sql"; return; }

    diff_of "$a" "$n" up.sql || { excused impossible "$n" && return; excused loses_generated up.sql && return; fail 'the way there: cmig fails' "$dir/errors" "$dir/up.sql"; return; }
    apply "$a" up.sql up || { excused predicted up.sql && return; fail 'the way there: the statements fail' "$dir/errors" "$dir/up.sql"; return; }
    same new up || { fail 'the way there: it leads elsewhere' "$dir/differs" "$dir/up.sql"; return; }
    kept old up || { fail 'the way there: not everything is kept' "$dir/differs" "$dir/up.sql"; return; }
    diff_of "$a" "$n" again.sql || { fail 'there: cmig fails' "$dir/errors"; return; }
    [ ! -s "$dir/again.sql" ] || { fail 'there: something differs still' "$dir/again.sql"; return; }

    diff_of "$a" "$o" down.sql || { excused impossible "$o" && return; excused loses_generated down.sql && return; fail 'the way back: cmig fails' "$dir/errors" "$dir/down.sql"; return; }
    apply "$a" down.sql down || { excused predicted down.sql && return; fail 'the way back: the statements fail' "$dir/errors" "$dir/down.sql"; return; }
    same old down || { fail 'the way back: it leads elsewhere' "$dir/differs" "$dir/down.sql"; return; }
    kept up down || { fail 'the way back: not everything is kept' "$dir/differs" "$dir/down.sql"; return; }
    diff_of "$a" "$o" again.sql || { fail 'back: cmig fails' "$dir/errors"; return; }
    [ ! -s "$dir/again.sql" ] || fail 'back: something differs still' "$dir/again.sql"
}

# tell NAME WHY
tell() {
    if [ -z "$2" ]; then echo "ok - $1"; return; fi
    echo "not ok - $1"
    printf '%s\n' "$2" | sed 's/^/#   /'
    [ -z "$KEEP" ] || { mkdir -p "$KEEP" && rm -rf "${KEEP:?}/$1" && cp -r "$dir" "$KEEP/$1"; }
}

# ---------------------------------------------------------------- many

# Pairs as one: each in a schema of its name. Random ones create their schemas themselves.
together() {
    local file name side
    for side in old rows new; do
        case $side in rows) echo '-- rows:' ;; new) echo '-- to:' ;; esac
        for file in "$@"; do
            name=$(basename "$file" .sql)
            case $name in
            seed_*) echo 'RESET search_path;' ;;
            *)
                [ $side = rows ] || echo "CREATE SCHEMA p_$name;"
                echo "SET search_path = p_$name;"
                ;;
            esac
            ${side}_of "$file" | grep -v '^-- '
        done
    done
}

# An item is a line of files: one pair, or a group. If a group fails, its pairs are run one by one; if none of these fails, the
# first one is told to have failed with the others.
run_item() {
    local file why failed=''
    if [ $# -gt 1 ]; then
        { echo '-- group'; echo '-- privileges'; echo "-- remade: $(for file in "$@"; do said "$file" remade; done | tr '\n' ' ')"
        for file in "$@"; do for word in empty loose; do [ -z "$(said "$file" $word)" ] || echo "-- $word"; done; done
        together "$@"; } >"$dir.pair"
        why=$(try_pair "$dir.pair")
        if [ -z "$why" ]; then for file in "$@"; do tell "$(basename "$file" .sql)" ''; done; return; fi
        [ -z "$KEEP" ] || tell "together $job" "$why" | sed 's/^not ok/# not ok/'
        for file in "${@:2}"; do tell_pair "$file"; done
        [ -n "$failed" ] || [ "$why" = "$alone_only" ] || together_why=$why
    fi
    tell_pair "$1"
    together_why=
}

tell_pair() {
    local result
    result=$(try_pair "$1")
    [ -z "$result" ] || failed=yes
    [ -n "$result" ] || [ -z "$together_why" ] || result="only together with others: $together_why"
    tell "$(basename "$1" .sql)" "$result"
}

worker() {
    local together_why=
    job=$1
    dir=$work/$job
    while read -r item; do
        # shellcheck disable=SC2086 # words on purpose
        run_item $item
    done
}

prepare() {
    local k d
    printf '[cmig]\nscript_location = migrations\n' >"$work/migrate.ini"
    mkdir -p "$work/migrations/versions"
    {
        echo 'DO $$ BEGIN CREATE ROLE cmig_tester SUPERUSER LOGIN; CREATE ROLE cmig_alice; CREATE ROLE cmig_bob;'
        echo '    EXCEPTION WHEN duplicate_object THEN NULL; END $$;'
        for k in $(seq "$JOBS"); do
            for d in a n o; do
                echo "DROP DATABASE IF EXISTS cmig_pairs_$d$k;"
                echo "CREATE DATABASE cmig_pairs_$d$k TEMPLATE template0;"
            done
        done
    } | "$CMIG_PSQL" -X -q -v ON_ERROR_STOP=1 -d postgres 2>/dev/null || exit 1
    "$CMIG_PSQL" -XAtc 'SELECT name FROM pg_available_extensions' >"$work/extensions"
}

# What the first lines of all files say: server, needed extension, alone and empty, with the file, a line each. In one go:
# there are hundreds of files.
list_words() {
    awk -v OFS='|' '
        function flush() { if (file) print word["server"], word["needs"], word["alone"], word["empty"], file }
        FNR == 1 { flush(); file = FILENAME; split("", word); top = 1 }
        /^-- to:/ { top = 0 }
        top && /^-- [a-z]+(: .*)?$/ { key = substr($2, 1, length($2) - ($2 ~ /:$/)); if (!(key in word)) word[key] = NF > 2 ? $3 : "yes" }
        END { flush() }' "$@"
}

# in_groups SIZE FILE...: so many on a line.
in_groups() {
    local size=$1
    shift
    [ $# = 0 ] || printf '%s\n' "$@" | xargs -n "$size"
}

# Makes the random pairs of pieces of these files.
random_files() {
    local seed kinds
    read -ra kinds <<<"$RANDOM_KINDS"
    for seed in $(seq "$SEED" $((SEED + RANDOM_PAIRS - 1))); do
        case ${kinds[seed % ${#kinds[@]}]} in
        pieces) awk -v seed="$seed" -f "$here/random.awk" "$@" ;;
        swaps) awk -v seed="$seed" -f "$here/swaps.awk" </dev/null ;;
        edits) awk -v seed="$seed" -f "$here/edits.awk" </dev/null ;;
        esac >"$work/seed_$seed.sql"
        echo "$work/seed_$seed.sql"
    done
}

# Items, a line each, for the workers.
list_items() {
    local least needed alone empty file reason random pieces=() with_rows=() without=()
    while IFS='|' read -r least needed alone empty file; do
        reason=
        if [ -n "$least" ] && [ "$server" -lt "$least" ]; then reason="needs server $least"
        elif [ -n "$needed" ] && ! grep -qx "$needed" "$work/extensions"; then reason="needs extension $needed"; fi
        if [ -n "$reason" ]; then [ "$mode" = --random ] || echo "ok - $(basename "$file" .sql) # skip $reason" >&3
        elif [ -n "$alone" ]; then [ "$mode" = --random ] || echo "$file"
        else
            pieces+=("$file")
            if [ -n "$empty" ]; then without+=("$file"); else with_rows+=("$file"); fi
        fi
    done < <(list_words "$@")
    mapfile -t random < <(random_files ${pieces[@]+"${pieces[@]}"})
    in_groups "$RANDOM_GROUP" ${random[@]+"${random[@]}"}
    [ "$mode" != --random ] || return 0
    [ "$mode" != --each ] || GROUP=1
    # Those that want no rows go together, so that the others have some.
    in_groups "$GROUP" ${with_rows[@]+"${with_rows[@]}"}
    in_groups "$GROUP" ${without[@]+"${without[@]}"}
}

mode=
case ${1:-} in --each | --random) mode=$1; shift ;; esac
[ $# -gt 0 ] || set -- "$here"/pairs/*.sql
prepare
planned=$RANDOM_PAIRS
[ "$mode" = --random ] || planned=$((planned + $#))
{
    list_items "$@" 3>&1 >"$work/items"
    for k in $(seq "$JOBS"); do
        awk -v k="$k" -v jobs="$JOBS" 'NR % jobs == k % jobs' "$work/items" | worker "$k" &
    done
    wait
# A worker that dies leaves its pairs untold. This is no awk, which may read many lines before it prints the first.
} | {
    told=0 bad=0
    while IFS= read -r line; do
        case $line in
        'ok - '* | 'not ok - '*) told=$((told + 1)) line="${line%%ok -*}ok $told -${line#*ok -}" ;;
        esac
        case $line in 'not ok '*) bad=$((bad + 1)) ;; esac
        printf '%s\n' "$line"
    done
    echo "1..$planned"
    [ "$bad" = 0 ] && [ "$told" = "$planned" ]
}

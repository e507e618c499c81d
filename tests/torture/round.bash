# What every round has: a fresh database, a folder for what was seen, complaints, and a count of both ends.

passed=0 failed=0

sql() { PGOPTIONS='-c client_min_messages=warning' "$CMIG_PSQL" -XAtq -v ON_ERROR_STOP=1 -d "${2:-$DB}" -c "$1"; }
ask() { "$CMIG_PSQL" -XAtq -v ON_ERROR_STOP=1 -d "$DB" <<<"$1"; }

# round KIND NUMBER: begins one. Rounds differ in whether each revision has a transaction of its own.
round() {
    NAME=$1-$2
    DB=torture_${1//-/_}_$2
    SEEN=$WORK/seen
    MODE=false
    [ $(($2 % 2)) = 0 ] || MODE=true
    rm -rf "$SEEN"
    mkdir "$SEEN"
    : >"$SEEN/why"
    LOG_BEGIN=$(($(wc -c <"$CMIG_SERVER_LOG") + 1))
    sql "CREATE DATABASE $DB" postgres
    export DATABASE_URL="postgresql:///$DB?host=$PGHOST"
}

complain() { echo "$*" >>"$SEEN/why"; }

# Ends a round. What a failed one saw is kept, with the project and what the server said.
round_end() {
    if [ ! -s "$SEEN/why" ]; then
        passed=$((passed + 1))
        sql "DROP DATABASE $DB WITH (FORCE)" postgres
        return
    fi
    failed=$((failed + 1))
    mkdir -p "$KEPT"
    cp -r "$SEEN" "$KEPT/$NAME"
    cp -r "$WORK/project" "$KEPT/$NAME/project"
    tail -c "+$LOG_BEGIN" "$CMIG_SERVER_LOG" >"$KEPT/$NAME/server.log"
    echo "FAILED $NAME, seed $SEED, ${TOLD:-}transaction_per_migration = $MODE; kept in $KEPT/$NAME:"
    sed -e 's/^/    /' -e 8q "$SEEN/why"
    sql "DROP DATABASE $DB WITH (FORCE)" postgres
}

# progress DONE ALL: ten lines for each kind.
progress() {
    local step=$((($2 + 9) / 10))
    if [ $(($1 % step)) = 0 ] || [ "$1" = "$2" ]; then echo "  $1 of $2, $failed failed so far"; fi
}

# ---------------------------------------------------------------- running cmig

# upgrade NAME: in the foreground; what it printed and its status are in files of that name. 124: it did not end.
upgrade() {
    local status=0
    timeout -k 1 "$PATIENCE" "$CMIG" -c "$WORK/project/$MODE.ini" upgrade head \
        >"$SEEN/$1.out" 2>"$SEEN/$1.err" </dev/null || status=$?
    echo "$status" >"$SEEN/$1.status"
    return "$status"
}

# ---------------------------------------------------------------- looking

# agree NAME [TIMES]: version rows, log and catalog fit together, whoever else may be at work.
agree() {
    ask "$STATE" >"$SEEN/$1.state" 2>"$SEEN/$1.state.err" || complain "$1: the state cannot be asked for"
    disagreements "$SEEN/$1.state" "${2:-}" | sed "s/^/$1: /" >>"$SEEN/why"
}

# Sessions that have not ended, or that a pooler keeps but that are not idle; and locks that outlived their run.
LEFT="SELECT 'session ' || pid || ' ' || coalesce(state, '') || ' ' || application_name || ' ' || left(query, 100)
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
   AND backend_type = 'client backend' AND NOT (:pooled AND state = 'idle')
UNION ALL SELECT 'advisory lock of ' || pid FROM pg_locks WHERE locktype = 'advisory'
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"

# A session ends a moment after its program.
quiet() {
    local i left
    for i in {1..100}; do
        left=$(ask "${LEFT/:pooled/${POOLED:-false}}") || left='the server does not answer'
        if [ -z "$left" ]; then return; fi
        sleep 0.1
    done
    complain "ten seconds later there is still: $left"
}

# at_head NAME [TIMES]: all is applied, nothing is left over, and the schema is that of an undisturbed run.
at_head() {
    local row invalid
    quiet
    agree "$1" "${2:-}"
    row=$(state_row "$SEEN/$1.state")
    if [ "$row" != "r$REVISIONS" ]; then
        complain "$1: the database is at $row"
        return
    fi
    ask "$SCHEMA" >"$SEEN/$1.schema"
    if ! diff "$WORK/schema" "$SEEN/$1.schema" >"$SEEN/$1.schema.diff"; then
        complain "$1: the schema is not that of an undisturbed run: $(sed -n '/^[<>]/{p;q;}' "$SEEN/$1.schema.diff")"
    fi
    invalid=$(ask 'SELECT indexrelid::regclass FROM pg_index WHERE NOT (indisvalid AND indisready AND indislive)')
    [ -z "$invalid" ] || complain "$1: invalid: $invalid"
}

# A run that is killed at a random moment, or whose backend is: what is there agrees, and a rerun reaches head.

# ---------------------------------------------------------------- moments

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

# Microseconds of an undisturbed run in each mode, of five. The schema of the last is what all others are held to.
measure() {
    local i begin took times_true=() times_false=()
    for i in {1..10}; do
        round measure "$i"
        begin=${EPOCHREALTIME/./}
        upgrade run || complain "an undisturbed run ended with $(cat "$SEEN/run.status"): $(head -n 1 "$SEEN/run.err")"
        took=$((${EPOCHREALTIME/./} - begin))
        if [ "$MODE" = true ]; then times_true+=("$took"); else times_false+=("$took"); fi
        agree run once
        ask "$SCHEMA" >"$WORK/schema"
        round_end
    done
    TOOK[true]=$(median "${times_true[@]}")
    TOOK[false]=$(median "${times_false[@]}")
}

# A random moment of the run, in the variable and not as output, because a subshell's random numbers are its own.
random_moment() {
    local part=$((RANDOM * 32768 + RANDOM))
    MOMENT=$((TOOK[$1] * part >> 30))
    TOLD="killed after $((MOMENT / 1000)) of $((TOOK[$1] / 1000)) ms, "
}

# A wait that starts no program, which would take longer than what is waited for.
pause() {
    local seconds
    printf -v seconds '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000))
    read -rt "$seconds" <&"$NEVER" || :
}

# ---------------------------------------------------------------- the runner

# A kill that came when the run was over is a miss, and is tried again; what it saw must be right all the same.
killed_runner_round() {
    local status=0
    round runner "$1"
    random_moment "$MODE"
    "$CMIG" -c "$WORK/project/$MODE.ini" upgrade head >"$SEEN/run.out" 2>"$SEEN/run.err" </dev/null &
    pause "$MOMENT"
    kill -KILL $! 2>/dev/null
    wait $! 2>/dev/null || status=$?
    agree killed
    # Every other rerun comes at once, while the dead run's session may still be at work.
    if [ $((RANDOM % 2)) = 0 ]; then
        quiet
        agree quiet
    fi
    HIT=$((status == 137))
    rerun
}

# Whatever was in the way, the next run reaches head.
rerun() {
    [ "$HIT" = 0 ] || count_place
    upgrade rerun || complain "the rerun ended with $(cat "$SEEN/rerun.status"): $(head -n 1 "$SEEN/rerun.err")"
    at_head rerun
    twice=$((twice + $(grep '^ran ' "$SEEN/rerun.state" | sort | uniq -d | wc -l)))
    round_end
}

# Where the runs were when they were killed, to see that the moments cover all of it.
declare -A places
count_place() {
    local at
    at=$(state_row "$SEEN/killed.state")
    places[$at]=$((${places[$at]:-0} + 1))
}
tell_places() {
    local at text=''
    for at in $(printf '%s\n' "${!places[@]}" | sort); do text="$text, ${places[$at]} at $at"; done
    echo "  the kills found the version row: ${text#, }; $1 moments came too early or too late"
    [ "$twice" = 0 ] || echo "  after $twice kills a statement outside a transaction ran again that was done already"
    places=()
}

# kills KIND COUNT: rounds until so many have hit.
kills() {
    local hits=0 tries=0 told=0
    twice=0
    RANDOM=$SEED
    while [ "$hits" -lt "$2" ] && [ "$tries" -lt $((3 * $2 + 20)) ]; do
        tries=$((tries + 1))
        HIT=0
        "killed_$1_round" "$tries"
        hits=$((hits + HIT))
        if [ "$hits" -gt "$told" ]; then progress "$hits" "$2"; fi
        told=$hits
    done
    TOLD=''
    tell_places $((tries - hits))
    if [ "$hits" -lt "$2" ]; then
        echo "FAILED: only $hits of $2 kills hit in $tries tries"
        failed=$((failed + 1))
    fi
}

killed_runners() {
    echo "kill -9 of cmig at $KILLS random moments of a run of $((TOOK[false] / 1000)) or $((TOOK[true] / 1000)) ms"
    kills runner "$KILLS"
}

# ---------------------------------------------------------------- the backend

# A session that is there before it is needed, because a new one would take longer than what is waited for.
killer_start() {
    coproc KILLER { exec "$CMIG_PSQL" -XAtq -d postgres 2>/dev/null; }
    KILLER_ID=$!
}

killer_stop() {
    kill "$KILLER_ID"
    wait "$KILLER_ID"
} 2>/dev/null

# killer_ask SQL: one line of an answer, in ANSWER.
killer_ask() {
    ANSWER=''
    echo "$1" >&"${KILLER[1]}"
    read -rt 10 ANSWER <&"${KILLER[0]}" || :
}

# The oldest session of a run does its work, the youngest one may hold its lock; a round takes one of them.
random_backend() {
    local order=ASC
    [ $((RANDOM % 3)) != 0 ] || order=DESC
    BACKEND="SELECT pid FROM pg_stat_activity WHERE datname = '$DB' AND application_name LIKE 'cmig %'
              ORDER BY backend_start $order LIMIT 1"
}

terminate_backend() {
    killer_ask "SELECT count(pg_terminate_backend(pid)) FROM ($BACKEND) backend;"
    HIT=${ANSWER:-0}
}

# What the server said in this round.
server_said() { tail -c "+$LOG_BEGIN" "$CMIG_SERVER_LOG" | grep -q "$1"; }

until_server_says() {
    local i
    for i in $(seq $((20 * $1))); do
        if server_said "$2"; then return; fi
        sleep 0.05
    done
    return 1
}

# All sessions end with this one, and the server recovers. A backend that was about to end by itself is a miss.
crash_backend() {
    killer_ask "SELECT coalesce(max(pid), 0) FROM ($BACKEND) backend;"
    HIT=0
    [ "${ANSWER:-0}" != 0 ] && kill -KILL "$ANSWER" 2>/dev/null || return
    until_server_says 3 'terminated by signal 9' || return
    HIT=1
    killer_stop
    until_server_says 60 'ready to accept connections' || complain 'the server does not come back'
    killer_start
}

# Every fifth is a crash of the server. A run that ends well has done all; one that does not says where it is.
killed_backend_round() {
    local told status=0 pid
    round backend "$1"
    random_moment "$MODE"
    random_backend
    upgrade run &
    pid=$!
    pause "$MOMENT"
    if [ $(($1 % 5)) = 0 ]; then crash_backend; else terminate_backend; fi
    wait "$pid" || status=$?
    agree killed
    told=$(sed -n 's/^state: .*the database is at \(base\|r[0-9]*\).*/\1/p' "$SEEN/run.err")
    case $status in
    0) [ "$(state_row "$SEEN/killed.state")" = "r$REVISIONS" ] || complain 'the run ended well, but not at head' ;;
    1) [ "${told:=$(state_row "$SEEN/killed.state")}" = "$(state_row "$SEEN/killed.state")" ] ||
        complain "the run says that the database is at $told" ;;
    *) complain "the run ended with $status" ;;
    esac
    rerun
}

killed_backends() {
    echo "pg_terminate_backend, and every fifth time kill -9 of the backend, at $BACKEND_KILLS random moments"
    killer_start
    kills backend "$BACKEND_KILLS"
    killer_stop
}

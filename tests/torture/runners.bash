# Many runners of the same upgrade at once, directly and through pgbouncer: each revision runs once, and all end well.

runners_round() {
    local i pids=()
    round "$1" "$2"
    [ -z "${BOUNCER:-}" ] || DATABASE_URL="postgresql:///$DB?host=$WORK/bouncer&port=$BOUNCER_PORT"
    for i in $(seq "$RUNNERS"); do
        upgrade "runner-$i" &
        pids+=($!)
    done
    wait "${pids[@]}" || :
    for i in $(seq "$RUNNERS"); do
        [ "$(cat "$SEEN/runner-$i.status")" = 0 ] ||
            complain "runner $i ended with $(cat "$SEEN/runner-$i.status"): $(head -n 1 "$SEEN/runner-$i.err")"
    done
    at_head end once
    round_end
}

# runners KIND: the rounds.
runners() {
    local i
    for i in $(seq "$ROUNDS"); do
        runners_round "$1" "$i"
        progress "$i" "$ROUNDS"
    done
}

runners_direct() {
    echo "$RUNNERS runners at once, $ROUNDS rounds"
    runners direct
}

# ---------------------------------------------------------------- pgbouncer

BOUNCER_PORT=6432 # the name of a socket, no TCP port

# Transaction mode, on a Unix socket; it ignores no start-up parameters, as its default file has it.
bouncer_start() {
    local user=() i
    mkdir "$WORK/bouncer"
    chmod 777 "$WORK/bouncer"
    cat >"$WORK/bouncer/pgbouncer.ini" <<-INI
	[databases]
	* = host=$PGHOST port=$PGPORT user=$PGUSER
	[pgbouncer]
	pool_mode = transaction
	auth_type = any
	listen_addr =
	listen_port = $BOUNCER_PORT
	unix_socket_dir = $WORK/bouncer
	max_client_conn = $((2 * RUNNERS + 20))
	INI
    # It refuses to run as root.
    [ "$(id -u)" != 0 ] || user=(-u nobody)
    pgbouncer "${user[@]}" "$WORK/bouncer/pgbouncer.ini" >"$WORK/bouncer/log" 2>&1 &
    BOUNCER=$!
    for i in {1..100}; do
        [ ! -S "$WORK/bouncer/.s.PGSQL.$BOUNCER_PORT" ] || return 0
        sleep 0.05
    done
    cat "$WORK/bouncer/log"
    return 1
}

bouncer_stop() {
    [ -n "${BOUNCER:-}" ] || return 0
    kill "$BOUNCER" 2>/dev/null
    wait "$BOUNCER" 2>/dev/null
    BOUNCER=''
}

runners_bouncer() {
    echo "$RUNNERS runners at once through pgbouncer, $ROUNDS rounds"
    if ! command -v pgbouncer >/dev/null; then
        echo "  skipped: no pgbouncer here, and it could not be installed"
        return
    fi
    if ! bouncer_start; then
        echo "FAILED: pgbouncer does not start"
        failed=$((failed + 1))
        return
    fi
    POOLED=true
    runners bouncer
    POOLED=false
    bouncer_stop
}

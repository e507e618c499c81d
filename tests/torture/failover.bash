# A primary that dies during a run, and a standby that is promoted: what cmig printed is true there, and a rerun ends well.
#
# Odd and even pairs of rounds replicate synchronously and asynchronously. With synchronous replication, the promoted
# server has everything that was reported as committed. With asynchronous replication, the last transactions that the
# primary confirmed may be lost with it. That is the server's loss: a run may then report revisions that the promoted
# server does not have, but only those that the primary itself confirmed. What cmig asked the promoted server must be
# true in both cases.

as_server() {
    local user=nobody
    if [ "$(id -u)" != 0 ]; then
        "$@"
        return
    fi
    ! id postgres >/dev/null 2>&1 || user=postgres
    setpriv --reuid="$(id -u "$user")" --regid="$(id -g "$user")" --clear-groups "$@"
}
in_servers() { (cd "$SERVERS" && as_server "$@") >>"$SERVERS/log" 2>&1 </dev/null; }

on() { "$CMIG_PSQL" -XAtq -v ON_ERROR_STOP=1 -h "$SERVERS/$1" -d "$DB" -c "$2" 2>>"$SERVERS/log"; }

postmaster() { head -n 1 "$SERVERS/$1/data/postmaster.pid" 2>/dev/null; }

start_server() { in_servers "$CMIG_PG_BINDIR/pg_ctl" -D "$SERVERS/$1/data" -l "$SERVERS/$1/log" -w start; }

# Waits until a command succeeds, for at most 20 seconds.
until_true() {
    local i
    for i in {1..400}; do
        if "$@"; then return; fi
        sleep 0.05
    done
    return 1
}

# ---------------------------------------------------------------- two servers

# The folder that every round copies: a stopped server with the database.
make_template() {
    SERVERS=$WORK/servers
    mkdir "$SERVERS"
    chmod 777 "$SERVERS"
    : >"$SERVERS/log"
    chmod 666 "$SERVERS/log"
    as_server mkdir "$SERVERS/template"
    in_servers "$CMIG_PG_BINDIR/initdb" -D "$SERVERS/template/data" -U "$PGUSER" -A trust --locale=C --no-sync
    as_server tee -a "$SERVERS/template/data/postgresql.conf" >/dev/null <<-CONF
	listen_addresses = ''
	fsync = off
	wal_keep_size = '256MB'
	max_wal_size = '1GB'
	wal_retrieve_retry_interval = '100ms'
	CONF
    socket_of template
    start_server template
    DB=postgres
    on template 'CREATE DATABASE failover'
    in_servers "$CMIG_PG_BINDIR/pg_ctl" -D "$SERVERS/template/data" -m fast -w stop
}

socket_of() {
    as_server tee "$SERVERS/$1/data/postgresql.auto.conf" >/dev/null <<<"unix_socket_directories = '$SERVERS/$1'"
}

stop_servers() {
    local name
    for name in template one two; do
        [ ! -f "${SERVERS:-none}/$name/data/postmaster.pid" ] ||
            in_servers "$CMIG_PG_BINDIR/pg_ctl" -D "$SERVERS/$name/data" -m immediate -w stop
    done
}

replicates() { [ "$(on one "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' $1")" = 1 ]; }

start_pair() {
    local name synchronous=''
    for name in one two; do
        rm -rf "${SERVERS:?}/$name"
        as_server cp -a "$SERVERS/template" "$SERVERS/$name"
        socket_of "$name"
    done
    as_server touch "$SERVERS/two/data/standby.signal"
    as_server tee -a "$SERVERS/two/data/postgresql.auto.conf" >/dev/null \
        <<<"primary_conninfo = 'host=$SERVERS/one user=$PGUSER application_name=two'"
    start_server one && start_server two || return
    if [ "$REPLICATION" = synchronous ]; then
        on one "ALTER SYSTEM SET synchronous_standby_names = 'two'" && on one 'SELECT pg_reload_conf()' >/dev/null
        synchronous="AND sync_state = 'sync'"
    fi
    until_true replicates "$synchronous"
}

# ---------------------------------------------------------------- the end of the primary

stopped() { ! kill -0 "$1" 2>/dev/null; }

kill_primary() {
    local pid
    pid=$(postmaster one)
    kill -QUIT "$pid" # an immediate stop
    until_true stopped "$pid"
}

receiver() { on two "SELECT pid FROM pg_stat_wal_receiver"; }

waits_for_standby() { [ "$(on one "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")" = 1 ]; }
commits() { stopped "$RUN" || waits_for_standby; }

# The primary has committed and waits for the standby, which was stopped. The standby then gets the COMMIT or does not.
kill_at_commit() {
    local receiver
    receiver=$(receiver)
    kill -STOP "$receiver"
    until_true commits
    stopped "$RUN" || at_commit=$((at_commit + 1))
    kill_primary
    [ $((RANDOM % 2)) = 0 ] || kill -TERM "$receiver"
    kill -CONT "$receiver"
}

# ---------------------------------------------------------------- one round

failover_round() {
    local status=0 row told
    REPLICATION=synchronous
    [ $(($1 / 2 % 2)) = 0 ] || REPLICATION=asynchronous
    MODE=false
    [ $(($1 % 2)) = 0 ] || MODE=true
    NAME=failover-$1
    DB=failover SEEN=$WORK/seen LOG_BEGIN=1
    rm -rf "$SEEN"
    mkdir "$SEEN"
    : >"$SEEN/why"
    if ! start_pair; then
        complain "the two servers do not start: $(tail -n 3 "$SERVERS/log")"
        return
    fi
    random_moment "$MODE"
    upgrade run &
    RUN=$!
    pause "$MOMENT"
    if [ "$REPLICATION" = synchronous ] && [ $((RANDOM % 2)) = 0 ]; then kill_at_commit; else kill_primary; fi
    in_servers "$CMIG_PG_BINDIR/pg_ctl" -D "$SERVERS/two/data" -w promote || complain 'the standby cannot be promoted'
    wait "$RUN" || status=$?
    agree promoted
    check_told "$status"
    upgrade rerun || complain "the rerun ended with $(cat "$SEEN/rerun.status"): $(head -n 1 "$SEEN/rerun.err")"
    at_head rerun
}

# check_told STATUS: what the run said, against the promoted server.
check_told() {
    local row told before=''
    row=$(state_row "$SEEN/promoted.state")
    told=$(sed -n 's/^state: .*the database \(there \)\{0,1\}is at \(base\|r[0-9]*\).*/\2/p' "$SEEN/run.err")
    case $1 in
    0) told=r$REVISIONS ;;
    1) before=$(sed -n 's/^state: .*not known.*the database was at \(base\|r[0-9]*\).*/\1/p' "$SEEN/run.err") ;;
    *) complain "the run ended with $1: $(head -n 1 "$SEEN/run.err")" ;;
    esac
    if [ -n "$before" ]; then
        unknown=$((unknown + 1))
        # It was not known because nothing else could be asked in time; nothing before it may be missing.
        [ "$REPLICATION" = asynchronous ] || not_before "$before" "$row"
    elif [ -z "$told" ] && [ "$row" = base ] && ! grep -q '^upgrade ' "$SEEN/run.err"; then
        early=$((early + 1)) # the server died before cmig had read where the database is
    elif [ -z "$told" ]; then
        complain "the run does not say where the database is: $(tail -n 1 "$SEEN/run.err")"
    elif [ "$told" = "$row" ]; then
        true_ones=$((true_ones + 1))
    elif [ "$REPLICATION" = asynchronous ] && ! grep -q 'the server that answers now' "$SEEN/run.err" &&
        [[ ${row/base/r00} < ${told/base/r00} ]]; then
        lost=$((lost + 1))
    else
        complain "the run says that the database is at $told, but it is at $row"
    fi
}

not_before() { [[ ! ${2/base/r00} < ${1/base/r00} ]] || complain "the run says that the database was at $1, but it is at $2"; }

failovers() {
    local i host=$PGHOST log=$CMIG_SERVER_LOG
    echo "the primary dies at $FAILOVERS moments of a run, and its standby is promoted"
    make_template
    export PGHOST=$SERVERS/two CMIG_SERVER_LOG=$SERVERS/two/log
    export DATABASE_URL="host=$SERVERS/one,$SERVERS/two user=$PGUSER dbname=failover target_session_attrs=read-write"
    at_commit=0 early=0 unknown=0 lost=0 true_ones=0
    RANDOM=$SEED
    for i in $(seq "$FAILOVERS"); do
        failover_round "$i"
        TOLD="$REPLICATION, $TOLD"
        [ ! -s "$SEEN/why" ] || cp "$SERVERS/one/log" "$SEEN/one.log"
        round_end
        stop_servers
        progress "$i" "$FAILOVERS"
    done
    TOLD=''
    echo "  $at_commit at COMMIT; the printed state was true after $true_ones, not known after $unknown;" \
        "$early runs ended before they had read it; $lost times a confirmed transaction was lost with the primary"
    export PGHOST=$host CMIG_SERVER_LOG=$log
}

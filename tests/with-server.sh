#!/bin/sh
# Runs a command with a throw-away PostgreSQL server: with-server.sh COMMAND [ARGUMENT]...
#
# The server listens on a Unix socket in a temporary folder, on no TCP port, and is gone afterwards, also when the
# command fails or is interrupted. PGHOST, PGUSER, PGDATABASE and DATABASE_URL point at it; CMIG_PSQL is the server's
# own psql; CMIG_PG_BINDIR its binaries, for "ephemeral:". PG_BINDIR chooses them. Run by root, the server runs as
# postgres or nobody. The folder is in TMPDIR if that is set, and otherwise in memory if there is room.
set -eu

find_bindir() {
    if [ -n "${PG_BINDIR:-}" ]; then echo "$PG_BINDIR"; return; fi
    for dir in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* 2>/dev/null | sort -rV) \
        "$(pg_config --bindir 2>/dev/null || :)" "$(dirname "$(command -v postgres || echo /none)")"; do
        if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then echo "$dir"; return; fi
    done
    echo "with-server.sh: no PostgreSQL server found; install it, or set PG_BINDIR" >&2
    exit 1
}

# The server refuses to run as root.
as_server() {
    if [ "$(id -u)" != 0 ]; then "$@"; return; fi
    if command -v runuser >/dev/null; then runuser -u "$server_user" -- "$@"
    else su -s /bin/sh "$server_user" -c 'exec "$0" "$@"' -- "$@"; fi
}

# Tests create and drop many databases, which takes several times as long on a disk.
temporary_root() {
    if [ -n "${TMPDIR:-}" ]; then echo "$TMPDIR"; return; fi
    needed=4000000 # kB
    if [ -w /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt $needed ] &&
        [ "$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)" -gt $needed ]; then echo /dev/shm
    else echo /tmp; fi
}

bindir=$(find_bindir)
server_user=$(id -un)
if [ "$(id -u)" = 0 ]; then
    server_user=nobody
    ! id postgres >/dev/null 2>&1 || server_user=postgres
fi

folder=$(mktemp -d "$(temporary_root)/cmig-pg.XXXXXX")
stop() {
    trap - EXIT INT TERM HUP
    if [ -f "$folder/data/postmaster.pid" ]; then
        (cd "$folder" && as_server "$bindir/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1) || :
    fi
    rm -rf "$folder"
}
trap stop EXIT
trap 'stop; exit 130' INT
trap 'stop; exit 143' TERM HUP

mkdir "$folder/socket"
chmod 711 "$folder"
chmod 777 "$folder/socket"
[ "$(id -u)" != 0 ] || chown "$server_user" "$folder" "$folder/socket"
start() {
    cd "$folder"
    as_server "$bindir/initdb" -D "$folder/data" -U postgres -A trust --locale=C --encoding=UTF8 --no-sync
    cat >>"$folder/data/postgresql.conf" <<-CONF
	listen_addresses = ''
	port = 5432
	unix_socket_directories = '$folder/socket'
	fsync = ${PG_FSYNC:-off}
	max_wal_size = 256MB
	max_connections = ${PG_CONNECTIONS:-60}
	max_locks_per_transaction = 4096
	log_statement = ${PG_LOG_STATEMENT:-none}
	CONF
    [ "$(id -u)" != 0 ] || chown "$server_user" "$folder/data/postgresql.conf"
    as_server "$bindir/pg_ctl" -D "$folder/data" -l "$folder/log" -w start
}
if ! (start) >"$folder/start.log" 2>&1; then
    echo "with-server.sh: the throw-away server does not start:" >&2
    cat "$folder/start.log" "$folder/log" >&2 2>/dev/null || :
    exit 1
fi

export PGHOST="$folder/socket" PGUSER=postgres PGDATABASE=postgres PGPORT=5432
export DATABASE_URL="postgresql://postgres@/postgres?host=$folder/socket"
export CMIG_SERVER_LOG="$folder/log" CMIG_SERVER_PID_FILE="$folder/data/postmaster.pid"
export CMIG_PG_BINDIR="$bindir"
CMIG_PSQL="$bindir/psql"
# The psql on the PATH of Debian is a Perl script that looks for the newest of these, which takes it longer than a query.
[ -x "$CMIG_PSQL" ] || CMIG_PSQL=$(ls -d /usr/lib/postgresql/*/bin/psql 2>/dev/null | sort -V | tail -n 1)
[ -x "$CMIG_PSQL" ] || CMIG_PSQL=$(command -v psql)
export CMIG_PSQL
unset PGPASSWORD PGSERVICE PGOPTIONS PGAPPNAME CMIG_CONFIG 2>/dev/null || :
status=0
"$@" || status=$?
exit "$status"

#!/bin/sh
# Runs bats files on throw-away servers, several files at a time, each a suite of tap.sh.
#
# cli.sh FILE...; JOBS is how many run at a time, by default as many as there are processors. These tests often wait for
# a lock, a timeout or a process, so one after another would leave the machine idle. Each worker has a server of its own,
# as tests create roles and count connections.
set -u
here=$(cd "$(dirname "$0")" && pwd)

# A worker takes the next file that no other one has taken.
if [ -n "${CLI_TAKEN:-}" ]; then
    for file in "$@"; do
        mkdir "$CLI_TAKEN/$(basename "$file")" 2>/dev/null || continue
        "$here/tap.sh" "cli $(basename "$file" .bats)" bats --tap "$file" || : >"$CLI_TAKEN/failed"
    done
    exit 0
fi

CLI_TAKEN=$(mktemp -d)
export CLI_TAKEN
trap 'rm -rf "$CLI_TAKEN"' EXIT
trap 'exit 130' INT TERM HUP
workers=
for _ in $(seq "${JOBS:-$(nproc)}"); do
    "$here/with-server.sh" "$0" "$@" &
    workers="$workers $!"
done
status=0
for worker in $workers; do wait "$worker" || status=$?; done
[ ! -e "$CLI_TAKEN/failed" ] || status=1
exit "$status"

#!/bin/sh
# Runs the program tests on several servers: matrix.sh MAJOR..., a line and the failing tests for each, then the sum.
#
# O is the build folder; what a server's run printed stays in O/tests/matrix-MAJOR.log. servers.sh finds the servers.
set -u
cd "$(dirname "$0")/.." || exit 1
O=${O:-build}
mkdir -p "$O/tests"
names=$(for file in tests/cli/*.bats; do basename "$file" .bats; done)

# The number before a word of the last line: "762 passed, 2 failed".
count() { sed -n '$s/.*\(^\| \)\([0-9][0-9]*\) '"$2"'.*/\2/p' "$1"; }

# A server that cannot be had is a failure too.
on_server() {
    log=$O/tests/matrix-$1.log
    if bindir=$(tests/servers.sh "$1"); then
        version=$("$bindir/postgres" --version)
        # shellcheck disable=SC2086 # words on purpose
        PG_BINDIR=$bindir tests/run.sh $names >"$log" 2>&1
        printf '%s: %s\n' "${version#postgres (PostgreSQL) }" "$(tail -n 1 "$log")"
    else
        echo "not ok server $1" >"$log"
        printf '0 passed, 1 failed\n' >>"$log"
        printf '%s: no server\n' "$1"
    fi
    # What a failing test printed stands below its line; the list at the end of the run has the lines again.
    sed -n '/^failed:/q; /^[0-9]* passed/q; /^not ok/,/^ok/{/^ok/!p;}' "$log"
    passed=$((passed + $(count "$log" passed)))
    failed=$((failed + $(count "$log" failed)))
}

passed=0
failed=0
for major in "$@"; do on_server "$major"; done
echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]

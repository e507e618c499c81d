#!/usr/bin/env bash
# Many runners at once, directly and through pgbouncer, kills at random moments, and failovers; ends with
# "N passed, N failed".
#
# ROUNDS rounds of RUNNERS runners; KILLS kills of cmig, BACKEND_KILLS of its backend; FAILOVERS failovers. SEED
# makes the same moments again. ALONE=no makes every revision transactional. ONLY lists some of the parts direct,
# bouncer, runner, backend, failover. What a failed round saw is kept in O/torture. Needs bash 5.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
: "${CMIG:?the program}"
: "${ROUNDS:=50}" "${RUNNERS:=32}" "${KILLS:=300}" "${SEED:=$((RANDOM * 32768 + RANDOM))}"
: "${BACKEND_KILLS:=$(((KILLS + 2) / 3))}" "${ALONE:=yes}" "${FAILOVERS:=50}"
ALL_PARTS='direct bouncer runner backend failover'
: "${ONLY:=$ALL_PARTS}" "${O:=build}"
for part in $ONLY; do
    [[ " $ALL_PARTS " == *" $part "* ]] || { echo "torture.sh: ONLY is a list of: $ALL_PARTS; it has \"$part\"" >&2; exit 1; }
done
if [ -z "${CMIG_TORTURE:-}" ]; then
    # A runner may have a second session, for the lock.
    export CMIG_TORTURE=1 PG_CONNECTIONS=$((2 * RUNNERS + 20))
    export ROUNDS RUNNERS KILLS BACKEND_KILLS FAILOVERS SEED ALONE ONLY O
    exec "$here/../with-server.sh" "$here/torture.sh"
fi
# shellcheck source=tests/torture/project.bash
source "$here/project.bash"
# shellcheck source=tests/torture/round.bash
source "$here/round.bash"
# shellcheck source=tests/torture/runners.bash
source "$here/runners.bash"
# shellcheck source=tests/torture/kills.bash
source "$here/kills.bash"
# shellcheck source=tests/torture/failover.bash
source "$here/failover.bash"

PATH=$PATH:/usr/sbin # pgbouncer is there
export LC_ALL=C
PATIENCE=120
WORK=$(mktemp -d "${TMPDIR:-/tmp}/cmig-torture.XXXXXX")
KEPT=$O/torture/$SEED
BOUNCER=''
stop() {
    trap - EXIT
    bouncer_stop
    stop_servers
    rm -rf "$WORK"
}
trap stop EXIT
trap 'stop; exit 130' INT
trap 'stop; exit 143' TERM HUP
chmod 711 "$WORK"
exec {NEVER}<> <(:) # nothing is ever read from it
declare -A TOOK

wanted() { [[ " $ONLY " == *" $1 "* ]]; }

echo "seed $SEED"
[ "$ALONE" = yes ] || echo "every revision is transactional"
make_project "$WORK/project"
measure
if wanted direct; then runners_direct; fi
if wanted bouncer; then runners_bouncer; fi
if wanted runner; then killed_runners; fi
if wanted backend; then killed_backends; fi
if wanted failover; then failovers; fi
echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]

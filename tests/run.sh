#!/bin/sh
# Runs every suite and prints one line for each and failures in full, then what was skipped and failed, then
# "N passed, N failed", which are tests.
#
# O is the build folder. With arguments, only the bats files of these names, with a line for each test: run.sh upgrade
# history.
set -u
cd "$(dirname "$0")/.." || exit 1
O=${O:-build}
TAP_RESULTS=$(mktemp)
export TAP_RESULTS
trap 'rm -f "$TAP_RESULTS"' EXIT
[ $# = 0 ] || export EACH=1

if [ $# = 0 ]; then
    for script in layers headers sizes hints; do tests/tap.sh "$script" "tests/$script.sh"; done
    for program in "$O"/tests/unit/test_*; do
        case $program in *.d) continue ;; esac
        CMOCKA_MESSAGE_OUTPUT=TAP tests/tap.sh "${program##*/test_}" "$program"
    done
    for program in "$O"/tests/fuzz/fuzz_*; do
        [ -x "$program" ] || continue
        target=${program##*/fuzz_}
        tests/tap.sh "fuzz $target" "$program" "tests/fuzz/corpus/$target"
    done
fi

CMIG=$(cd "$O" && pwd)/cmig
API_CLIENT=$(cd "$O" && pwd)/tests/api/client
TEST_TOOLS=$(cd "$O" && pwd)/tests/tools
export CMIG API_CLIENT TEST_TOOLS
for program in "$CMIG" "$API_CLIENT" "$TEST_TOOLS/fill"; do
    [ -x "$program" ] || { echo "run.sh: no program $program; run: make all test-tools" >&2; exit 1; }
done
# The largest file first, as it ends last.
if [ $# = 0 ]; then files=$(ls -S tests/cli/*.bats)
else files=$(printf 'tests/cli/%s.bats\n' "$@"); fi
# shellcheck disable=SC2086 # words on purpose
tests/cli.sh $files || { # such as a server that does not start
    status=$?
    grep -aq '^not ok cli ' "$TAP_RESULTS" || echo "not ok cli: ended with status $status" | tee -a "$TAP_RESULTS"
}

if [ $# = 0 ] && [ -x "$O/tests/faults/cmig" ]; then
    tests/tap.sh faults env CMIG="${CMIG%/cmig}/tests/faults/cmig" SAMPLES=2 \
        COMMANDS='revision edit upgrade_dump current dump_to' tests/with-server.sh tests/faults/faults.sh
fi
[ $# != 0 ] || RANDOM_PAIRS=8 tests/tap.sh schema tests/with-server.sh tests/schema/pairs.sh

failed=$(grep -ac '^not ok' "$TAP_RESULTS")
skipped=$(grep -aci '^ok.*# skip' "$TAP_RESULTS")
passed=$(($(grep -ac '^ok' "$TAP_RESULTS") - skipped))
[ "$skipped" = 0 ] || { printf '\nskipped:\n'; grep -ai '^ok.*# skip' "$TAP_RESULTS"; }
[ "$failed" = 0 ] || { printf '\nfailed:\n'; grep -a '^not ok' "$TAP_RESULTS"; }
echo
if [ "$skipped" = 0 ]; then echo "$passed passed, $failed failed"
else echo "$passed passed, $failed failed, $skipped skipped"; fi
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]

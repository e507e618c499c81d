#!/bin/sh
# Runs every test and prints one TAP line each, then what was skipped and failed, then "N passed, N failed".
#
# O is the build folder. With arguments, only the bats files of these names: run.sh upgrade history.
set -u
cd "$(dirname "$0")/.." || exit 1
O=${O:-build}
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# A program that speaks TAP. One that ends badly without saying "not ok" has failed too.
tap() {
    name=$1
    shift
    before=$(grep -ac '^not ok' "$results")
    "$@" 2>&1 | sed -e 's/^\(not \)\{0,1\}ok [0-9]* \(- \)\{0,1\}/\1ok '"$name"': /' | tee -a "$results" | grep -av '^1\.\.'
    status=$(cat "$results.status" 2>/dev/null || echo 0)
    rm -f "$results.status"
    if [ "$status" != 0 ] && [ "$(grep -ac '^not ok' "$results")" = "$before" ]; then
        echo "not ok $name: ended with status $status" | tee -a "$results"
    fi
}
# Keeps the exit status of the left side of the pipe above.
keep() {
    "$@"
    echo $? >"$results.status"
}

if [ $# = 0 ]; then
    for script in layers headers sizes; do tap "$script" keep "tests/$script.sh"; done
    for program in "$O"/tests/unit/test_*; do
        case $program in *.d) continue ;; esac
        CMOCKA_MESSAGE_OUTPUT=TAP tap "${program##*/test_}" keep "$program"
    done
    for program in "$O"/tests/fuzz/fuzz_*; do
        [ -x "$program" ] || continue
        target=${program##*/fuzz_}
        tap "fuzz $target" keep "$program" "tests/fuzz/corpus/$target"
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
tap cli keep tests/cli.sh $files

if [ $# = 0 ] && [ -x "$O/tests/faults/cmig" ]; then
    tap faults keep env CMIG="${CMIG%/cmig}/tests/faults/cmig" SAMPLES=2 \
        COMMANDS='revision edit upgrade_dump current dump_to' tests/with-server.sh tests/faults/faults.sh
fi
[ $# != 0 ] || RANDOM_PAIRS=8 tap schema keep tests/with-server.sh tests/schema/pairs.sh

failed=$(grep -ac '^not ok' "$results")
skipped=$(grep -aci '^ok.*# skip' "$results")
passed=$(($(grep -ac '^ok' "$results") - skipped))
[ "$skipped" = 0 ] || { printf '\nskipped:\n'; grep -ai '^ok.*# skip' "$results"; }
[ "$failed" = 0 ] || { printf '\nfailed:\n'; grep -a '^not ok' "$results"; }
echo
if [ "$skipped" = 0 ]; then echo "$passed passed, $failed failed"
else echo "$passed passed, $failed failed, $skipped skipped"; fi
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]

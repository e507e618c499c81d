#!/bin/sh
# Runs one suite, a program that speaks TAP, and prints one line for it: tap.sh NAME COMMAND [ARGUMENT]...
#
# If a test fails, the output of the suite is printed in full, without the tests that passed. With EACH=1 every test has
# its line. The tests are added to the file TAP_RESULTS, each with the suite's name before its own. A program that ends
# badly without saying "not ok" has failed too.
set -u
: "${TAP_RESULTS:=/dev/null}"
name=$1
shift
output=$(mktemp)
trap 'rm -f "$output" "$output.raw"' EXIT
"$@" >"$output.raw" 2>&1
status=$?
sed -e 's/^\(not \)\{0,1\}ok [0-9]* \(- \)\{0,1\}/\1ok '"$name"': /' -e '/^1\.\./d' "$output.raw" >"$output"
failed=$(grep -ac '^not ok' "$output")
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
    echo "not ok $name: ended with status $status" >>"$output"
    failed=1
fi
exec 9>>"$TAP_RESULTS"
flock 9 # suites run side by side
grep -a '^\(not \)\{0,1\}ok ' "$output" >>"$TAP_RESULTS"
skipped=$(grep -aci '^ok.*# skip' "$output")
passed=$(($(grep -ac '^ok' "$output") - skipped))
if [ -n "${EACH:-}" ]; then
    cat "$output"
elif [ "$failed" = 0 ]; then
    [ "$skipped" = 0 ] && echo "ok $name: $passed passed" || echo "ok $name: $passed passed, $skipped skipped"
else
    grep -av '^ok ' "$output"
    echo "not ok $name: $passed passed, $failed failed"
fi
[ "$failed" = 0 ]

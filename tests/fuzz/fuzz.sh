#!/bin/sh
# Runs fuzz targets one after the other: fuzz.sh PROGRAMS CORPUS SECONDS TARGET...
#
# A target starts from the inputs in tests/fuzz/corpus/TARGET and in CORPUS/TARGET. Inputs that reach new code are
# added to the latter. An input that fails is kept beside the programs, and the target's output is printed.
set -u
cd "$(dirname "$0")/../.." || exit 1
programs=$1 corpus=$2 seconds=$3
shift 3
case $seconds in
    '' | 0 | *[!0-9]*) echo "fuzz.sh: SECONDS is a number above 0: $seconds" >&2; exit 1 ;;
esac
failed=0

# The number behind a name in libFuzzer's statistics.
statistic() {
    sed -n "s/^stat::$1: *//p" "$log"
}

for target in "$@"; do
    seeds=tests/fuzz/corpus/$target
    found=$programs/failures/$target
    log=$programs/$target.log
    mkdir -p "$corpus/$target" "$found"
    if "$programs/fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$found/" "$corpus/$target" "$seeds" >"$log" 2>&1; then
        echo "ok - fuzz $target: $(statistic number_of_executed_units) executions in $seconds s," \
            "$(statistic new_units_added) new inputs"
        continue
    fi
    failed=1
    input=$(sed -n 's/.*Test unit written to //p' "$log")
    echo "not ok - fuzz $target: ${input:-see $log}"
    grep -av -e '^#[0-9]' -e '^INFO' -e '^stat::' "$log" | sed 's/^/# /'
    [ -z "$input" ] || echo "# to run it again: $programs/fuzz_$target $input"
done
exit $failed

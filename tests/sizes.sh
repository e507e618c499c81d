#!/bin/sh
# A file of over 600 lines is two files.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0
number=0
for file in src/*/*.[ch] src/*.c include/cmig/*.h tests/unit/*.[ch] tests/cli/*; do
    [ -f "$file" ] || continue
    lines=$(wc -l <"$file")
    [ "$lines" -gt 600 ] || continue
    number=$((number + 1))
    failed=1
    echo "not ok $number - $file has $lines lines"
done
[ $failed = 1 ] || echo "ok 1 - no file has over 600 lines"
exit $failed

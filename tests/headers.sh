#!/bin/sh
# Compiles each header alone: it includes what it uses. The public ones also as strict C99 and as C++ would see them.
set -u
cd "$(dirname "$0")/.." || exit 1
CC=${CC:-cc}
failed=0
number=0
flags="-D_POSIX_C_SOURCE=200809L -Isrc -Iinclude $(pkg-config --cflags libpq inih yaml-0.1 2>/dev/null)"

compile() {
    number=$((number + 1))
    header=$1
    shift
    if message=$(echo "#include \"$header\"" | "$CC" "$@" $flags -Wall -Wextra -Werror -fsyntax-only -x c - 2>&1); then
        echo "ok $number - $header stands alone ($1)"
    else
        echo "not ok $number - $header stands alone ($1)"
        printf '%s\n' "$message" | sed 's/^/# /'
        failed=1
    fi
}
for header in src/*/*.h; do compile "${header#src/}" -std=c17; done
for header in include/cmig/*.h; do compile "${header#include/}" -std=c99 -Wpedantic; done
exit $failed

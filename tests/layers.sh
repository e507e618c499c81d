#!/bin/sh
# Fails on any arrow that the map in src/README.md does not have: who may include what, and who may call what.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0
number=0

# check NAME PATTERN FILES...: no line of the files may match.
check() {
    name=$1 pattern=$2
    shift 2
    number=$((number + 1))
    if found=$(grep -nE -e "$pattern" "$@" /dev/null); then
        echo "not ok $number - $name"
        printf '%s\n' "$found" | sed 's/^/# /'
        failed=1
    else
        echo "ok $number - $name"
    fi
}
# The files of a layer, or of several.
files() {
    for layer in "$@"; do ls src/"$layer"/*.[ch]; done
}
# All but the files named.
but() {
    ls src/*/*.[ch] src/main.c | grep -vxF "$(printf '%s\n' "$@")"
}

check "base includes only base" '^#include "(sql|history|schema|files|pg|run|ops|cli)/' $(files base)
check "sql includes only base and sql" '^#include "(history|schema|files|pg|run|ops|cli)/' $(files sql)
check "history includes only base and history" '^#include "(sql|schema|files|pg|run|ops|cli)/' $(files history)
check "schema includes only base, sql and schema" '^#include "(history|files|pg|run|ops|cli)/' $(files schema)
check "files includes only base, sql, history and files" '^#include "(schema|pg|run|ops|cli)/' $(files files)
check "pg includes none of run, ops and cli" '^#include "(run|ops|cli)/' $(files pg)
check "run includes neither ops nor cli" '^#include "(ops|cli)/' $(files run)
check "run knows no schemas" '^#include "(schema|pg/(catalog|settle|shadow|fill|values))' $(files run)
check "ops does not include cli" '^#include "cli/' $(files ops)
check "cli reaches the library only through cmig/*.h" '^#include "(sql|history|schema|files|pg|run|ops)/' $(files cli) src/main.c
check "below ops, of the library only the error and the log are known" '^#include <cmig/(c|m|p|r|s)' $(files sql history schema files pg run)
check "base takes only the public error" '^#include <cmig/([^e]|e[^r])' $(files base)
check "libpq is spoken to only in pg and run" '#include <libpq|PQ[a-z]+[(]' $(files base sql history schema files ops cli)
check "libyaml only in files/yaml.c" '#include <yaml' $(but src/files/yaml.c)
check "inih only in files/ini.c" '#include <ini' $(but src/files/ini.c)
check "only cli prints" '(^|[^a-z_])(printf|puts|fputs|putchar|fprintf|perror)[(]' $(files base sql history schema files pg run ops)
check "nothing exits below cli, but where memory is exhausted" '(^|[^a-z_])(exit|_exit|quick_exit)[(]' \
    $(files base sql history schema files pg run ops | grep -vxF src/base/arena.c)
check "processes are started only in base/proc.c" '(^|[^a-z_])(fork|vfork|exec[lv]p?e?|posix_spawnp?|system|popen)[(]' $(but src/base/proc.c)
check "the environment is read in settings.c and term.c, and TZ in clock.c" '(^|[^a-z_])getenv[(]' \
    $(but src/files/settings.c src/cli/term.c src/base/clock.c)
check "functions that are easily misused are not used" \
    '(^|[^a-z_])(strcpy|strcat|sprintf|vsprintf|strtok|gmtime|localtime|atoi|atol|PQexec|PQexecParams|gets|alloca)[(]' \
    $(but)

# The modules of a circle of includes, one a line; a file and its header are one module. The run outside a transaction
# and the live sink still make one.
circles() {
    grep '^#include "' src/*/*.[ch] | sed -E 's#^src/([^:]*)\.[ch]:.include "([^"]*)\.[a-z]*"#\1 \2#' | awk '$1 != $2' |
        sort -u | tsort 2>&1 >/dev/null | sed -n 's/^tsort: \([^ ]*\)$/\1/p' | grep -vxE 'run/(live|alone)'
}
number=$((number + 1))
if found=$(circles); then
    echo "not ok $number - no circle of includes"
    printf '%s\n' "$found" | sed 's/^/# /'
    failed=1
else
    echo "ok $number - no circle of includes"
fi
exit $failed

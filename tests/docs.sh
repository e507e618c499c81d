#!/bin/sh
# Runs the examples of a document: docs.sh [--update] FILE.md, with the server of tests/with-server.sh.
#
# Each "$ " line of a ```console block is a command; a \ at its end continues it. All run in order in one shell, in a
# fresh folder, with cmig and psql on PATH and DATABASE_URL naming a fresh database. What follows a command is its
# output, standard error included. A block below a line <!-- file: PATH --> is the whole content of that file, and is
# written when its turn comes. <!-- folder: PATH --> says what the document calls the folder.
#
# Durations and times with a zone may differ. Prints TAP; --update writes the outputs that differ into the document.
set -eu

update=
if [ "${1:-}" = --update ]; then update=yes; shift; fi
if [ $# != 1 ] || [ ! -r "$1" ]; then echo "usage: docs.sh [--update] FILE.md" >&2; exit 2; fi
document=$1
root=$(cd "$(dirname "$0")/.." && pwd)
cmig=${CMIG:-$root/build/cmig}
case $cmig in /*) ;; *) cmig=$PWD/$cmig ;; esac
psql=$(command -v "${CMIG_PSQL:-psql}") || { echo "docs.sh: no psql found; install it, or set CMIG_PSQL" >&2; exit 2; }
[ -x "$cmig" ] || { echo "docs.sh: no program at $cmig; run make, or set CMIG" >&2; exit 2; }

unset PGDATABASE PGOPTIONS PGSERVICE PGAPPNAME CMIG_CONFIG NO_COLOR LANGUAGE VISUAL EDITOR TZ
export LC_ALL=C TERM=dumb

temporary=$(mktemp -d "${TMPDIR:-/tmp}/cmig-docs.XXXXXX")
temporary=$(cd "$temporary" && pwd -P)
database=cmig_docs_$$
server() { PGOPTIONS='-c client_min_messages=warning' "$psql" -XAtq -v ON_ERROR_STOP=1 -d postgres -c "$1"; }
finish() {
    trap - EXIT INT TERM HUP
    server "DROP DATABASE IF EXISTS $database WITH (FORCE)" || :
    rm -rf "$temporary"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

server "CREATE DATABASE $database"
export DATABASE_URL="postgresql:///$database" HOME="$temporary/home"
steps=$temporary/steps work=$temporary/work
mkdir "$temporary/bin" "$steps" "$work" "$HOME"
ln -s "$cmig" "$temporary/bin/cmig"
ln -s "$psql" "$temporary/bin/psql"

# ---------------------------------------------------------------- the document's steps, and one script of them all

# Step N is N.command with N.expected, or N.content with N.path. `list` has a line for each command: N, line, command.
awk -v steps="$steps" -v session="$temporary/session" -v list="$temporary/list" -v folder="$temporary/folder" '
    function fail(text) { printf "docs.sh: %s:%d: %s\n", FILENAME, FNR, text | "cat >&2"; bad = 1; exit 2 }
    function quoted(text) { gsub(/\047/, "\047\\\047\047", text); return "\047" text "\047" }
    function begin_command(text) {
        step = steps "/" ++n
        printf "" >(step ".expected")
        print n, FNR, text >list
        print ". " quoted(step ".command") " >" quoted(step ".output") " 2>&1 </dev/null" >session
        command_line(text)
    }
    function command_line(text) {
        print text >(step ".command")
        more = text ~ /\\$/
        if (!more) close(step ".command")
    }
    function begin_file() {
        step = steps "/" ++n
        printf "" >(step ".content")
        print path >(step ".path")
        print "write_file " quoted(step) >session
    }
    function comment_value() { sub(/^<!-- *[a-z]+: */, ""); sub(/ *-->[ \t]*$/, ""); return $0 }

    BEGIN { printf "" >list; printf "" >session; printf "" >folder }
    !block && /^<!-- *file:/ { path = comment_value(); next }
    !block && /^<!-- *folder:/ { print comment_value() >folder; next }
    !block && /^```/ {
        block = path != "" ? "file" : /^```console[ \t]*$/ ? "console" : "other"
        if (block == "file") begin_file()
        opened = FNR; step_open = 0; more = 0
        next
    }
    !block && path != "" && /[^ \t]/ { fail("no block follows the line of the file " path) }
    block && /^```[ \t]*$/ {
        if (more) fail("the block ends within a command")
        if (block != "other") close(step (block == "file" ? ".content" : ".expected"))
        block = ""; path = ""
        next
    }
    block == "file" { print >(step ".content") }
    block == "console" && more { command_line($0); next }
    block == "console" && /^\$ / {
        if (step_open) close(step ".expected")
        step_open = 1
        begin_command(substr($0, 3))
        next
    }
    block == "console" { if (!step_open) fail("output before the first command"); print >(step ".expected") }
    END { if (!bad && block) fail("the block of line " opened " does not end") }
' "$document"

cat >"$temporary/run" <<'RUN'
write_file() {
    mkdir -p "$(dirname "$DOCS_WORK/$(cat "$1.path")")"
    cp "$1.content" "$DOCS_WORK/$(cat "$1.path")"
}
RUN
cat "$temporary/session" >>"$temporary/run"
(cd "$work" && PATH=$temporary/bin:$PATH DOCS_WORK=$work sh "$temporary/run") || :

# ---------------------------------------------------------------- what came, beside what is written

folder=$(cat "$temporary/folder")
named() {
    if [ -n "$folder" ]; then sed -e "s|$work|$folder|g"; else cat; fi
}
same_for_all() {
    sed -E -e 's/\([0-9.]+ (ms|s|min)\)/(N ms)/g' \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[+-][0-9]{2}(:?[0-9]{2})?|Z| UTC)/TIME/g'
}

number=0 failed=0 differing=
while read -r n line command; do
    number=$((number + 1))
    step=$steps/$n
    if [ -f "$step.output" ]; then
        named <"$step.output" >"$step.actual"
        same_for_all <"$step.expected" >"$step.wanted"
        same_for_all <"$step.actual" >"$step.given"
    fi
    if [ ! -f "$step.output" ]; then
        echo "not ok $number - $document:$line: \$ $command"
        echo "# not reached: an earlier command ended the shell"
    elif cmp -s "$step.wanted" "$step.given"; then
        echo "ok $number - $document:$line: \$ $command"
        continue
    else
        echo "not ok $number - $document:$line: \$ $command"
        diff -u "$step.wanted" "$step.given" | sed -e 1,2d -e 's/^/# /'
        differing="$differing $n"
    fi
    failed=$((failed + 1))
done <"$temporary/list"
echo "1..$number"
[ "$number" -gt 0 ] || { echo "docs.sh: $document has no examples" >&2; exit 1; }

# ---------------------------------------------------------------- the document with the outputs that came

if [ -n "$update" ] && [ -n "$differing" ]; then
    awk -v steps="$steps" -v differing="$differing " '
        BEGIN { OFS = "" }
        !block && /^<!-- *file:/ { file = 1 }
        !block && /^```/ {
            block = file ? "file" : /^```console[ \t]*$/ ? "console" : "other"
            if (file) n++
            replaced = 0; more = 0
            print
            next
        }
        block && /^```[ \t]*$/ { block = ""; file = 0 }
        block == "console" && more { more = /\\$/; print; if (!more) replace(); next }
        block == "console" && /^\$ / { n++; replaced = 0; more = /\\$/; print; if (!more) replace(); next }
        !(block == "console" && replaced) { print }
        function replace(    name, text) {
            replaced = index(differing, " " n " ") > 0
            name = steps "/" n ".actual"
            if (replaced) while ((getline text <name) > 0) print text
        }
    ' "$document" >"$temporary/updated"
    cat "$temporary/updated" >"$document"
    echo "# $document is updated; read what changed before you commit it"
fi
[ "$failed" = 0 ]

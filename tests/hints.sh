#!/bin/sh
# Every hint of the source is named by a test of tests/cli: four words of it in a row, or all of a shorter one, are there.
# The test is expected to do what the hint says and to see that the error is gone, which this script cannot know.
set -u
cd "$(dirname "$0")/.." || exit 1

# Each hint as FILE:LINE, a tab and the text. It is the last string of a call; alternatives of three words or more
# are hints of their own.
hints() {
    awk '
        function literals(call, text, out) {
            gsub(/"[ \n]+"/, "", call)
            while (match(call, /"([^"\\]|\\.)*"/)) {
                text = substr(call, RSTART + 1, RLENGTH - 2)
                call = substr(call, RSTART + RLENGTH)
                gsub(/\\"/, "\"", text)
                gsub(/\\\\/, "\\", text)
                out = out (out == "" ? "" : "\n") text
            }
            return out
        }
        function call_at(at, depth, quoted, start, c) {
            start = at
            for (depth = 1; depth && at <= length(source); at++) {
                c = substr(source, at, 1)
                if (quoted && c == "\\") at++
                else if (c == "\"") quoted = !quoted
                else if (!quoted) depth += (c == "(") - (c == ")")
            }
            return substr(source, start, at - start)
        }
        function line_of(at) { return split(substr(source, 1, at), unused, "\n") }
        BEGIN { RS = "\001" }
        {
            source = $0
            gsub(/URL_HINT/, "\"write postgresql://user@host:port/database\"", source)
            for (from = 1; match(substr(source, from), /(err_hint|complain|fail_at)\(/); from = behind) {
                behind = from + RSTART + RLENGTH - 1
                count = split(literals(call_at(behind)), text, "\n")
                for (i = 1; i <= count; i++)
                    if ((i == count && split(text[i], unused, " ") > 1) || (count > 1 && split(text[i], unused, " ") > 2 && source !~ /fail_at|complain/))
                        printf "%s:%d\t%s\n", FILENAME, line_of(behind), text[i]
            }
        }' "$@"
}

hints src/*/*.c | awk -F '\t' '
    function squeezed(text) { gsub(/[ \n\t]+/, " ", text); return text }
    function named(text, parts, words, count, p, i, some) {
        gsub(/%%/, "\002", text)
        count = split(text, parts, /%[-+0-9.*lz]*[a-z]/)
        for (p = 1; p <= count; p++) {
            gsub(/\002/, "%", parts[p])
            total = split(parts[p], words, " ")
            for (i = 1; i == 1 || i + 3 <= total; i++) {
                some = total < 4 ? squeezed(parts[p]) : words[i] " " words[i + 1] " " words[i + 2] " " words[i + 3]
                sub(/^ /, "", some)
                sub(/ $/, "", some)
                if (total >= 2 && index(tests, some)) return 1
            }
        }
        return 0
    }
    BEGIN {
        while ((getline line < "/dev/stdin") > 0) hint[++hints] = line
        while ((("cat tests/cli/*.bats") | getline line) > 0) tests = tests " " line
        tests = squeezed(tests)
        for (h = 1; h <= hints; h++) {
            split(hint[h], field, "\t")
            if (named(field[2])) continue
            printf "not ok %d - no test of tests/cli names the hint at %s: %s\n", ++failed, field[1], field[2]
        }
        if (!failed) printf "ok 1 - every hint is named by a test\n"
        exit failed > 0
    }'

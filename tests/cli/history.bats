#!/usr/bin/env bats
# cmig history lists the revisions, newest first, and needs no database.
load helper

setup() {
    fresh_folder
    project
}

@test "history lists the revisions, newest first, with their parents and marks" {
    chain
    ok history
    out_is 'bbb -> ccc (head), make c
aaa -> bbb, make b
<base> -> aaa, make a'
    err_is ''
}

@test "history works with DATABASE_URL unset and no server" {
    chain
    export PGHOST=/nowhere
    ok history
    err_is ''
}

@test "history with DATABASE_URL unset needs the url not even to be readable" {
    project
    printf 'sqlalchemy.url = ${NOT_SET_EITHER}\n' >>migrate.ini
    chain
    ok history
}

@test "history marks branch points, merge points and heads" {
    fork
    rev ddd '[bbb, ccc]' ''
    ok history
    out_has 'bbb, ccc -> ddd (head) (mergepoint)' 'aaa -> bbb' '<base> -> aaa (branchpoint)'
}

@test "history shows each revision before the ones it follows, whatever the files are called" {
    rev zzz '' ''
    rev mmm zzz ''
    rev aaa mmm ''
    ok history
    out_is 'mmm -> aaa (head)
zzz -> mmm
<base> -> zzz'
}

@test "history shows branch labels and dependencies" {
    rev aaa '' '' '' 'branch_labels: [billing, money]'
    rev bbb '' '' '' 'depends_on: aaa'
    ok history
    out_has '(billing, money)' '<base> (aaa) -> bbb (head)'
}

@test "history -v shows path, parents and date of each revision" {
    chain
    rev ddd ccc '' '' 'message: the last' 'create_date: 2026-11-20 12:00:00+00:00'
    ok history -v
    out_has 'Rev: ddd (head)' 'Parent: ccc' 'Path: migrations/versions/ddd.sql' 'Created: 2026-11-20 12:00:00+00:00' 'the last'
}

@test "history with no revisions prints nothing and says how to write one" {
    ok history
    out_is ''
    err_has 'no revisions' 'cmig revision -m'
}

@test "history --json is one array of whole revisions, newest first" {
    fork
    rev ddd '[bbb, ccc]' '' '' 'message: "a \"quoted\" \\ message\twith a tab"' 'create_date: 2026-11-20 12:00:00+00:00' \
        'branch_labels: x' 'depends_on: aaa'
    ok --json history
    json_is "jsonb_path_query_array(j, '\$[*].revision')->>0" ddd
    json_is 'jsonb_array_length(j)' 4
    json_is 'j->0' '{"path": "migrations/versions/ddd.sql", "is_base": false, "is_head": true, "message": "a \"quoted\" \\ message\twith a tab", "revision": "ddd", "depends_on": ["aaa"], "is_current": null, "create_date": "2026-11-20 12:00:00+00:00", "branch_labels": ["x"], "down_revision": ["bbb", "ccc"], "is_merge_point": true, "is_branch_point": false}'
    json_is "j->3->>'is_base'" true
    json_is "j->3->>'is_branch_point'" true
    json_is "j->3->'down_revision'" '[]'
}

@test "history --json with no revisions is an empty array, and nothing else is said" {
    ok --json history
    out_is '[]'
}

@test "an answer that cannot be written whole is an error, however large it is" {
    [ -e /dev/full ] || skip "no /dev/full"
    local i before=''
    for i in {1..300}; do
        rev "rev$i" "$before" 'SELECT 1;'
        before=rev$i
    done
    status=0
    "$CMIG" --json history >/dev/full 2>"$BATS_TEST_TMPDIR/err" || status=$?
    same "$status" 1
}

@test "history --json is valid JSON even when a file name is not UTF-8" {
    rev aaa '' ''
    mv migrations/versions/aaa.sql "migrations/versions/$(printf 'caf\xe9').sql" || skip 'no such file names here'
    ok --json history
    json_is "j->0->>'revision'" aaa
}

@test "history takes --json after the command too" {
    chain
    ok history --json
    json_is 'jsonb_array_length(j)' 3
}

@test "history does not let control characters reach the terminal" {
    rev aaa '' '' '' 'message: "a\u001b[31mred\u0007\u009b1m"'
    ok history
    out_lacks $'\e' $'\a' $'\xc2\x9b'
    ok history -v
    out_lacks $'\e' $'\a' $'\xc2\x9b'
}

@test "history --color always colours, and neither a pipe nor NO_COLOR or never does" {
    chain
    ok --color always history
    out_has $'\e['
    ok history
    out_lacks $'\e'
    ok --color never history
    out_lacks $'\e'
}

@test "history --color of something else is wrong usage" {
    chain
    fails 2 --color sometimes history
    err_has sometimes auto always never
}

@test "history takes no argument" {
    chain
    fails 2 history aaa
    err_has '"aaa"' 'cmig history --help'
}

@test "history onto a full disk fails" {
    [ -e /dev/full ] || skip 'no /dev/full'
    chain
    status=0
    "$CMIG" history >/dev/full 2>errors || status=$?
    same "$status" 1
    has "$(cat errors)" 'cannot write'
}

@test "history of 500 revisions in one chain works" {
    local i
    rev r0 '' ''
    for i in {1..499}; do
        printf -- '-- ---\n-- revision: r%d\n-- down_revision: r%d\n-- ---\n-- cmig:upgrade\n' "$i" $((i - 1)) >"migrations/versions/r$i.sql"
    done
    ok history
    same "$(wc -l <<<"$out" | tr -d ' ')" 500
    same "${out%%$'\n'*}" 'r498 -> r499 (head)'
}

#!/usr/bin/env bats
# cmig merge writes the file of a revision that joins branches.
load helper

setup() {
    fresh_folder
    project
}

# What the file that was just written follows.
follows() { same "$(sed -n 's/^-- down_revision: *//p' "$out")" "$1"; }

# How many files there are.
count_is() { same "$(find migrations/versions -type f | wc -l | tr -d ' ')" "$1"; }

# aaa <- bbb (left), ccc (right) and ddd (third).
three() {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    rev bbb aaa 'CREATE TABLE b ();' 'DROP TABLE b;' 'branch_labels: left'
    rev ccc aaa 'CREATE TABLE c ();' 'DROP TABLE c;' 'branch_labels: right'
    rev ddd aaa 'CREATE TABLE d ();' 'DROP TABLE d;' 'branch_labels: third'
}

@test "merge heads joins all heads, and prints the path of the file" {
    fork
    ok merge heads -m 'join the two'
    [[ $out =~ ^migrations/versions/[0-9a-f]{12}_join_the_two\.sql$ ]]
    [ -f "$out" ]
    follows '[bbb, ccc]'
    ok heads
    out_has '(head) (mergepoint)'
    out_lacks bbb ccc
}

@test "merge takes ids, starts of ids and labels" {
    three
    rev abcdef aaa ''
    ok merge bbb ccc --rev-id m1
    follows '[bbb, ccc]'
    ok merge third abc --rev-id m2
    follows '[ddd, abcdef]'
    ok merge m1 m2
    follows '[m1, m2]'
}

@test "merge takes LABEL@head" {
    three
    rev eee bbb ''
    ok merge left@head right@head
    follows '[eee, ccc]'
}

@test "merge of three at once is one revision" {
    three
    ok merge heads
    follows '[bbb, ccc, ddd]'
    ok heads
    same "$(wc -l <<<"$out" | tr -d ' ')" 1
}

@test "merge keeps the order in which they were named" {
    three
    ok merge ddd bbb
    follows '[ddd, bbb]'
}

@test "merge without a message says what it merges" {
    fork
    ok --json merge heads
    json_is "j->>'message'" 'merge bbb, ccc'
}

@test "merge -m gives the message" {
    fork
    ok --json merge heads -m 'one again'
    json_is "concat(j->>'message', j->>'is_merge_point', j->'down_revision')" 'one againtrue["bbb", "ccc"]'
}

@test "merge --rev-id and --branch-label name the revision" {
    fork
    ok --json merge heads --rev-id joined --branch-label whole
    json_is "concat(j->>'revision', j->'branch_labels')" 'joined["whole"]'
    ok show whole
    out_has 'Rev: joined'
}

@test "merge --rev-id that is taken writes no file and names the other" {
    fork
    fails 1 merge heads --rev-id aaa
    err_has '"aaa"' migrations/versions/aaa.sql
    count_is 3
}

@test "merge of a revision that is no head is refused and names what follows it" {
    three
    rev eee bbb ''
    fails 1 merge bbb ccc
    err_has '"bbb"' eee --splice
    count_is 5
}

@test "merge --splice joins a revision that is no head" {
    three
    rev eee bbb ''
    ok merge --splice bbb ccc
    follows '[bbb, ccc]'
    ok heads
    out_has eee ddd mergepoint
}

@test "merge of an ancestor with its descendant is refused, also with --splice" {
    chain
    fails 1 merge aaa ccc
    fails 1 merge --splice aaa ccc
    err_has aaa ccc
    fails 1 merge --splice ccc bbb
    err_has bbb ccc
    count_is 3
}

@test "a revision is merged with one that depends on it, and the merge goes up and down" {
    fresh_database
    rev aaa '' ''
    rev bbb '' '' '' 'depends_on: aaa'
    ok merge aaa bbb -m join --rev-id ccc
    follows '[aaa, bbb]'
    ok upgrade head
    ok current
    out_has ccc
    ok downgrade bbb
    ok upgrade head
    ok downgrade base
    ok current
    out_is ''
}

@test "merge of one revision twice is refused, however it is named" {
    three
    fails 1 merge bbb bbb
    err_has '"bbb"'
    fails 1 merge bbb left
    err_has '"bbb"'
    count_is 4
}

@test "merge heads with one head makes an ordinary revision" {
    chain
    ok merge heads
    follows ccc
}

@test "merge of an unknown revision is refused" {
    fork
    fails 1 merge bbb zzz
    err_has '"zzz"'
    count_is 3
}

@test "merge without a revision is wrong usage" {
    fork
    fails 2 merge
    err_has REVISION
    count_is 3
}

@test "merge joins lines with different bases" {
    rev aaa '' ''
    rev xxx '' ''
    ok merge heads
    follows '[aaa, xxx]'
    ok history
    out_has 'aaa, xxx -> '
}

@test "a merge is upgraded and downgraded through, and needs no SQL" {
    fresh_database
    fork
    ok merge heads --rev-id ddd
    ok upgrade head
    rows_are ddd
    tables_are 'a b c'
    ok downgrade bbb
    rows_are 'bbb ccc'
    ok downgrade base
    tables_are ''
}

@test "a merge of merges works" {
    three
    rev eee aaa ''
    ok merge bbb ccc --rev-id m1
    ok merge ddd eee --rev-id m2
    ok merge heads --rev-id m3
    follows '[m1, m2]'
    ok heads
    out_is 'm3 (left, right, third) (head) (mergepoint)'
}

@test "merge needs no server" {
    fork
    export PGHOST=/nowhere
    unset DATABASE_URL
    ok merge heads
}

@test "merge into several version_locations writes beside the first that it follows" {
    project 'version_locations = one two'
    mkdir one two
    fork
    mv migrations/versions/aaa.sql migrations/versions/ccc.sql one
    mv migrations/versions/bbb.sql two
    ok merge bbb ccc --rev-id ddd
    [[ $out == two/* ]]
}

@test "merge runs the hooks" {
    fork
    printf '%s\n' '[post_write_hooks]' 'hooks = note' 'note.type = exec' 'note.executable = chmod' \
        'note.options = 600 REVISION_SCRIPT_FILENAME' >>migrate.ini
    ok merge heads -m joined
    same "$(find migrations/versions -perm 600)" "$out"
}

@test "merge heads where one head depends on the others says to name them, and writes no file" {
    rev aaa '' ''
    rev bbb aaa ''
    rev ccc aaa '' '' 'depends_on: bbb'
    fails 1 merge heads
    err_has 'one revision here' bbb ccc 'cmig merge bbb ccc'
    ok merge bbb ccc
    ok revision -m next
}

@test "merge heads with no revisions is an error" {
    fails 1 merge heads
    err_has 'no revision yet'
    files_are migrations/versions ''
}

#!/usr/bin/env bats
# Files that make no graph are refused by each command, with the names of the files, and nothing is changed.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

f() { printf 'migrations/versions/%s.sql' "$1"; }

# refused TEXT...: history, heads, upgrade, a script and a new revision are refused with an error that has all texts.
refused() {
    local before command
    before=$(ls migrations/versions)
    for command in 'history' 'heads' 'upgrade heads' 'upgrade --sql heads' 'revision -m new' 'stamp heads'; do
        # shellcheck disable=SC2086 # words on purpose
        fails 1 $command
        out_is ''
        err_has "$@"
    done
    same "$(ls migrations/versions)" "$before"
    untouched
}

@test "a cycle of all revisions names their files" {
    rev aaa ccc ''
    rev bbb aaa ''
    rev ccc bbb ''
    refused "$(f aaa)" "$(f bbb)" "$(f ccc)" down_revision
}

@test "a cycle that hangs between a base and a head names its files, and no others" {
    rev aaa '' ''
    rev bbb aaa ''
    rev ccc '[bbb, eee]' ''
    rev ddd ccc ''
    rev eee ddd ''
    rev fff eee ''
    refused "$(f ccc)" "$(f ddd)" "$(f eee)"
    err_lacks "$(f aaa)" "$(f fff)"
}

@test "a cycle of two names both files" {
    rev aaa '' ''
    rev bbb '[aaa, ccc]' ''
    rev ccc bbb ''
    refused "$(f bbb)" "$(f ccc)"
}

@test "a cycle through depends_on names its files" {
    rev aaa '' '' '' 'depends_on: ddd'
    rev bbb aaa ''
    rev ccc '' '' '' 'depends_on: bbb'
    rev ddd ccc ''
    refused "$(f aaa)" "$(f bbb)" "$(f ccc)" "$(f ddd)" depends_on
}

@test "a cycle through the label of a dependency names its files" {
    rev aaa '' '' '' 'branch_labels: one' 'depends_on: two'
    rev bbb '' '' '' 'branch_labels: two' 'depends_on: one'
    refused "$(f aaa)" "$(f bbb)"
}

@test "a revision that follows itself names its file" {
    rev aaa '' ''
    rev bbb bbb ''
    refused "$(f bbb)" '"bbb"'
}

@test "a revision that depends on itself names its file" {
    rev aaa '' ''
    rev bbb aaa '' '' 'depends_on: bbb'
    refused "$(f bbb)" depends_on
}

@test "a revision that depends on its own label names its file" {
    rev aaa '' ''
    rev bbb aaa '' '' 'branch_labels: me' 'depends_on: me'
    refused "$(f bbb)" depends_on
}

@test "a dependency on a descendant names the files" {
    rev aaa '' '' '' 'depends_on: ccc'
    rev bbb aaa ''
    rev ccc bbb ''
    refused "$(f aaa)" "$(f bbb)" "$(f ccc)"
}

@test "a label that is used twice names both files" {
    rev aaa '' '' '' 'branch_labels: billing'
    rev bbb aaa '' '' 'branch_labels: billing'
    refused '"billing"' "$(f aaa)" "$(f bbb)"
}

@test "a label that one revision has twice names the file" {
    rev aaa '' '' '' 'branch_labels: [billing, billing]'
    refused '"billing"' "$(f aaa)"
}

@test "a label that is equal to an id names both files" {
    rev aaa '' ''
    rev bbb aaa '' '' 'branch_labels: aaa'
    refused '"aaa"' "$(f aaa)" "$(f bbb)"
}

@test "a label that is equal to the id of its own revision names the file" {
    rev aaa '' '' '' 'branch_labels: aaa'
    refused '"aaa"' "$(f aaa)"
}

@test "a reserved word as label or id names the file" {
    rev aaa '' '' '' 'branch_labels: heads'
    refused '"heads"' "$(f aaa)"
    rm migrations/versions/aaa.sql
    rev base '' ''
    refused '"base"' "$(f base)"
}

@test "two files with one id name both" {
    rev aaa '' 'CREATE TABLE a ();'
    cp "$(f aaa)" "$(f copy)"
    refused '"aaa"' "$(f aaa)" "$(f copy)"
}

@test "two files with one id in two version_locations name both" {
    project 'version_locations = migrations/versions two'
    mkdir two
    rev aaa '' ''
    cp "$(f aaa)" two/aaa.sql
    refused '"aaa"' "$(f aaa)" two/aaa.sql
}

@test "a missing parent names the file and what it follows" {
    rev aaa '' ''
    rev bbb '[aaa, gone]' ''
    refused "$(f bbb)" '"gone"' down_revision
}

@test "a missing parent that is nearly the name of a file is corrected" {
    rev aaa111 '' ''
    rev bbb222 aaa112 ''
    refused "$(f bbb222)" aaa112 '"aaa111"'
}

@test "a missing dependency names the file and what it depends on" {
    rev aaa '' ''
    rev bbb aaa '' '' 'depends_on: gone'
    refused "$(f bbb)" '"gone"' depends_on
}

@test "a label is no down_revision" {
    rev aaa '' '' '' 'branch_labels: billing'
    rev bbb billing ''
    refused "$(f bbb)" '"billing"'
}

@test "a file that merges an ancestor with its descendant works: what it stands on is the same" {
    chain
    rev ddd '[aaa, ccc]' 'CREATE TABLE d ();' 'DROP TABLE d;'
    ok upgrade head
    rows_are ddd
    ok downgrade ccc
    rows_are ccc
    ok downgrade base
    tables_are ''
}

@test "a revision that follows one parent twice follows it once" {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    rev bbb '[aaa, aaa]' 'CREATE TABLE b ();' 'DROP TABLE b;'
    ok upgrade head
    rows_are bbb
    ok downgrade -1
    rows_are aaa
    ok downgrade base
    rows_are ''
}

@test "a bad graph stops current, downgrade, show and merge too" {
    chain
    ok upgrade head
    rev aaa ccc ''
    local command
    for command in 'current' 'downgrade base' 'show head' 'branches' 'merge heads' 'stamp --sql heads'; do
        # shellcheck disable=SC2086 # words on purpose
        cmig $command
        same "$status" 1
        err_has "$(f aaa)"
    done
    rows_are ccc
    tables_are 'a b c'
}

@test "a circle of many revisions is told in few words" {
    local i before=r200
    for i in {1..200}; do
        rev "r$i" "$before" ''
        before=r$i
    done
    fails 1 history
    err_has "$(f r1)"
    [ "${#err}" -lt 2000 ]
}

@test "a redundant dependency is no mistake" {
    rev core1 '' 'CREATE TABLE c1 ();' 'DROP TABLE c1;'
    rev core2 core1 'CREATE TABLE c2 ();' 'DROP TABLE c2;'
    rev net1 '' 'CREATE TABLE n1 ();' 'DROP TABLE n1;'
    rev net2 net1 'CREATE TABLE n2 ();' 'DROP TABLE n2;' 'depends_on: [core2, core1]'
    ok upgrade heads
    rows_are net2
    ok downgrade net1
    rows_are 'core2 net1'
    ok downgrade base
    tables_are ''
}

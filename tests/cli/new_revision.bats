#!/usr/bin/env bats
# Where cmig revision puts a new revision in the graph; what is refused leaves no file.
load helper

setup() {
    fresh_folder
    project
}

# key KEY VALUE: a header line of the file that was just written.
key() { same "$(sed -n "s/^-- $1: *//p" "$out")" "$2"; }

# refused STATUS ARGUMENT...: revision fails, and leaves no file.
refused() {
    local before
    before=$(find . -type f | sort)
    fails "$1" revision -m new "${@:2}"
    out_is ''
    same "$(find . -type f | sort)" "$before"
}

# ---------------------------------------------------------------- the place in the graph

@test "revision --head puts it on that head" {
    fork
    ok revision --head ccc
    key down_revision ccc
}

@test "revision --head LABEL@head follows the branch" {
    rev aaa '' '' '' 'branch_labels: left'
    rev xxx '' '' '' 'branch_labels: right'
    ok revision --head right@head --rev-id yyy
    key down_revision xxx
    ok revision --head right@head --rev-id zzz
    key down_revision yyy
}

@test "revision --head base begins a line of its own" {
    chain
    ok revision --head base --rev-id zzz
    key down_revision ''
    ok heads
    out_is $'ccc (head)\nzzz (head)'
}

@test "revision --head heads follows all heads" {
    fork
    ok revision --head heads
    key down_revision '[bbb, ccc]'
}

@test "revision --head of what is no head is refused, and the hint is --splice" {
    chain
    refused 1 --head aaa
    err_has '"aaa"' bbb --splice
}

@test "revision --head --splice makes a branch there" {
    chain
    ok revision --head aaa --splice
    key down_revision aaa
    ok branches
    out_has 'aaa (branchpoint)'
}

@test "revision --head of an unknown revision is refused" {
    chain
    refused 1 --head zzz
    err_has '"zzz"'
    refused 1 --head zzz@head
    err_has '"zzz"'
}

@test "revision --head of an ambiguous start is refused and names both" {
    rev abcd1 '' ''
    rev abcd2 '' ''
    refused 1 --head abcd
    err_has abcd1 abcd2
}

# ---------------------------------------------------------------- ids and labels

@test "revision --rev-id is the id and begins the name" {
    ok revision -m 'first one' --rev-id v1.0
    out_is migrations/versions/v1.0_first_one.sql
    key revision v1.0
    ok upgrade --sql v1.0
}

@test "an id that looks like a number or a word of YAML stays as it is" {
    local id before=''
    for id in 1234567890 1e10 0x10 yes null; do
        ok revision --rev-id "$id"
        ok --json show head
        json_is "concat(j->>'revision', ' ', j->'down_revision'->>0)" "$id $before"
        before=$id
    done
}

@test "revision --rev-id that is taken is refused and names the file" {
    chain
    refused 1 --rev-id bbb
    err_has '"bbb"' migrations/versions/bbb.sql
}

@test "revision --rev-id that is a label is refused" {
    rev aaa '' '' '' 'branch_labels: billing'
    refused 1 --rev-id billing
    err_has '"billing"' migrations/versions/aaa.sql
}

@test "revision --rev-id of a reserved word or with a sign is wrong usage" {
    local id
    for id in head heads base current a-b a+b a@b a:b 'a b' '' "a'b"; do
        refused 2 --rev-id "$id"
    done
}

@test "revision --branch-label names the branch" {
    chain
    ok revision --rev-id ddd --branch-label billing
    key branch_labels billing
    ok show billing@head
    out_has 'Rev: ddd (billing)'
}

@test "revision --branch-label that is taken is refused and names the file" {
    rev aaa '' '' '' 'branch_labels: billing'
    refused 1 --branch-label billing
    err_has '"billing"' migrations/versions/aaa.sql
    refused 1 --branch-label aaa
    err_has '"aaa"' migrations/versions/aaa.sql
}

@test "revision --branch-label of a reserved word or with a sign is wrong usage" {
    local label
    for label in head heads base current a-b a@b '' 'a b'; do refused 2 --branch-label "$label"; done
}

@test "revision --branch-label equal to its own id is refused" {
    refused 2 --rev-id same --branch-label same
}

# ---------------------------------------------------------------- dependencies

@test "revision --depends-on an id or the start of one writes the id" {
    rev abcdef '' ''
    rev xxx '' ''
    ok revision --head xxx --depends-on abcdef --rev-id one
    key depends_on abcdef
    ok revision --head one --depends-on abc --rev-id two
    key depends_on abcdef
}

@test "revision --depends-on a label keeps the label" {
    rev aaa '' '' '' 'branch_labels: lib'
    rev xxx '' ''
    ok revision --head xxx --depends-on lib
    key depends_on lib
}

@test "revision --depends-on LABEL@head writes the id that is head now" {
    rev aaa '' '' '' 'branch_labels: lib'
    rev bbb aaa ''
    rev xxx '' ''
    ok revision --head xxx --depends-on lib@head
    key depends_on bbb
}

@test "revision --depends-on several times gives a list" {
    rev aaa '' ''
    rev bbb '' ''
    rev ccc '' ''
    ok revision --head ccc --depends-on aaa --depends-on bbb
    key depends_on '[aaa, bbb]'
}

@test "revision --depends-on of an unknown revision is refused" {
    chain
    refused 1 --depends-on zzz
    err_has '"zzz"'
}

@test "revision --depends-on one revision twice names it once" {
    rev aaa '' ''
    rev xxx '' ''
    ok revision --head xxx --depends-on aaa --depends-on aaa
    key depends_on aaa
}

# ---------------------------------------------------------------- folders

@test "with several version_locations, a revision is written beside what it follows" {
    project 'version_locations = one two'
    mkdir one two
    rev aaa '' ''
    mv migrations/versions/aaa.sql two
    ok revision
    [[ $out == two/* ]]
}

@test "revision --version-path chooses the folder" {
    project 'version_locations = one two'
    mkdir one two
    ok revision --rev-id aaa --version-path two
    [[ $out == two/* ]]
    ok revision --rev-id bbb --version-path ./one/
    [[ $out == one/* ]]
    ok revision --rev-id ccc --version-path "$PWD/two"
    [[ $out == *two/* ]]
    ok heads
    out_is 'ccc (head)'
}

@test "without --version-path, a first revision in one of several folders is refused" {
    project 'version_locations = one two'
    mkdir one two
    refused 2
    err_has --version-path one two
}

@test "revision --version-path that is none of version_locations is refused" {
    project 'version_locations = one two'
    mkdir one two three
    refused 2 --version-path three
    err_has three one two
}

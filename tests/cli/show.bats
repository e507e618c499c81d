#!/usr/bin/env bats
# cmig show prints all about the revisions that a target names.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# aaa1111 <- left1, left2 (labels left) and right1 (label right); other (label other) on its own, depending on left1.
graph() {
    rev aaa1111 '' 'CREATE TABLE a ();' 'DROP TABLE a;' 'message: where all begins' 'create_date: 2026-11-20 12:00:00+00:00'
    rev left1 aaa1111 'CREATE TABLE l1 ();' 'DROP TABLE l1;' 'branch_labels: left'
    rev left2 left1 'CREATE TABLE l2 ();' 'DROP TABLE l2;'
    rev right1 aaa1111 'CREATE TABLE r1 ();' 'DROP TABLE r1;' 'branch_labels: right'
    rev other1 '' 'CREATE TABLE o1 ();' 'DROP TABLE o1;' 'branch_labels: other' 'depends_on: left1'
}

# shows TARGET ID...: exactly these revisions, in any order.
shows() {
    local expected
    expected=$(printf '%s\n' "${@:2}" | sort | tr '\n' ' ')
    ok show "$1"
    same "$(sed -n 's/^Rev: \([^ ]*\).*/\1/p' <<<"$out" | sort | tr '\n' ' ')" "$expected"
}

@test "show prints marks, parent, path, date and message" {
    graph
    ok show aaa1111
    out_has 'Rev: aaa1111' '(branchpoint)' 'Parent: <base>' 'Path: migrations/versions/aaa1111.sql' \
        'Created: 2026-11-20 12:00:00+00:00' 'where all begins' 'Branches into: left1, right1'
    err_is ''
}

@test "show of a merge says what it merges" {
    graph
    rev merge '[left2, right1]' ''
    ok show merge
    out_has 'Rev: merge' '(head) (mergepoint)' 'Merges: left2, right1'
    out_lacks 'Parent:'
}

@test "show says what a revision depends on, and its branch names" {
    graph
    ok show other1
    out_has 'Also depends on: left1' 'Branch names: other'
    ok show left2
    out_has 'Branch names: left'
}

@test "show takes a full id, the start of one and a label" {
    graph
    shows left2 left2
    shows aaa aaa1111
    shows a aaa1111
    shows right right1
    shows oth other1
}

@test "show takes the one head of a branch, and all heads" {
    graph
    shows left@head left2
    shows left2@head left2
    shows right@heads right1
    shows heads left2 right1 other1
    shows aaa1111@heads left2 right1
}

@test "show head is the head of a chain" {
    chain
    shows head ccc
    shows heads ccc
}

@test "show takes a revision of a branch" {
    graph
    shows left@left1 left1
    shows right@aaa aaa1111
}

@test "show counts from a revision, in both directions" {
    chain
    shows ccc-1 bbb
    shows aaa+2 ccc
    shows head-2 aaa
    shows base+1 aaa
}

@test "show counts from the heads down and from base up" {
    chain
    shows -1 bbb
    shows -2 aaa
    shows +1 aaa
    shows +3 ccc
}

@test "show follows a branch where it counts" {
    graph
    shows left@-1 left1
    shows left@+2 left1
    shows right@aaa1111+1 right1
    shows left@left2-1 left1
    shows left@head-1 left1
}

@test "show -1 with several heads shows what is below each" {
    rev aaa '' ''
    rev bbb aaa ''
    rev ccc '' ''
    rev ddd ccc ''
    shows -1 aaa ccc
}

@test "show current is where the database is" {
    graph
    ok upgrade left1
    shows current left1
    ok upgrade heads
    shows current left2 right1 other1
    shows left@current left2
}

@test "show current marks it, and at base prints nothing" {
    chain
    ok show current
    out_is ''
    untouched
    ok upgrade bbb
    ok show current
    out_has 'Rev: bbb (current)'
    ok show current-1
    out_has 'Rev: aaa'
}

@test "show base prints nothing and says what it is" {
    chain
    ok show base
    out_is ''
    err_has base
    ok -q show base
    err_is ''
}

@test "show needs no database but for current" {
    chain
    export PGHOST=/nowhere
    ok show head
    fails 1 show current
}

@test "show --json of one revision is an object" {
    graph
    ok --json show left@head
    json_is "concat_ws(' ', jsonb_typeof(j), j->>'revision', j->'down_revision', j->>'is_head', coalesce(j->>'is_current', 'null'))" \
        'object left2 ["left1"] true null'
}

@test "show --json of several is an array" {
    graph
    ok --json show heads
    json_is "concat_ws(' ', jsonb_typeof(j), jsonb_array_length(j))" 'array 3'
}

@test "show --json of base is an empty array" {
    graph
    ok --json show base
    out_is '[]'
}

@test "show --json current says that it is current" {
    chain
    ok upgrade head
    ok --json show current
    json_is "concat(j->>'revision', j->>'is_current')" ccctrue
}

@test "show of an unknown revision is an error that names the nearest" {
    graph
    fails 1 show left3
    out_is ''
    err_has '"left3"' 'left' 'cmig history'
}

@test "show of a start that several have names the candidates" {
    graph
    rev aaa2222 '' ''
    fails 1 show aaa
    err_has '"aaa"' aaa1111 aaa2222
}

@test "show of a start that an id and a label have names both candidates" {
    rev abcd1 '' '' '' 'branch_labels: network'
    rev netw1 '' ''
    fails 1 show net
    err_has netw1 abcd1 network
}

@test "within a branch only its own revisions count for the start of an id" {
    rev ab01 '' '' '' 'branch_labels: one'
    rev ab02 '' '' '' 'branch_labels: two'
    shows one@ab ab01
    fails 1 show ab
    err_has ab01 ab02
}

@test "show head with several heads names them and says how to choose" {
    graph
    fails 1 show head
    err_has left2 right1 other1 heads '@head'
}

@test "show of a branch that is not there says so" {
    graph
    fails 1 show lift@head
    err_has '"lift"' left
}

@test "show of a revision outside the branch says so" {
    graph
    fails 1 show left@right1
    err_has right1 '"left"'
}

@test "show across a fork or a merge names the candidates" {
    graph
    rev merge '[left2, right1]' ''
    fails 1 show aaa1111+1
    err_has left1 right1
    fails 1 show merge-1
    err_has left2 right1
}

@test "show beyond the ends says how far it goes" {
    chain
    fails 1 show aaa+9
    err_has '"aaa+9"' 2
    fails 1 show +9
    err_has '"+9"' 3
    fails 1 show ccc-9
    err_has '"ccc-9"'
}

@test "show of what is no target is an error" {
    local target
    chain
    for target in '' @ @head aaa@ aaa+ + - aaa+0 aaa+x aaa:bbb aaa@bbb@ccc; do
        fails 1 show "$target"
        out_is ''
    done
}

@test "show without a revision is wrong usage" {
    chain
    fails 2 show
    err_has REVISION
}

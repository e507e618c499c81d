#!/usr/bin/env bats
# cmig history -r shows a part of the revisions, and -i where the database is.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# aaa <- bbb <- ccc <- ddd <- eee
line() {
    chain
    rev ddd ccc 'CREATE TABLE d (id int);' 'DROP TABLE d;'
    rev eee ddd 'CREATE TABLE e (id int);' 'DROP TABLE e;'
}

# aaa <- bbb <- left1 <- left2 and bbb <- right1; other1 on its own, depending on left1.
graph() {
    rev aaa '' 'CREATE TABLE a ();' 'DROP TABLE a;'
    rev bbb aaa 'CREATE TABLE b ();' 'DROP TABLE b;'
    rev left1 bbb 'CREATE TABLE l1 ();' 'DROP TABLE l1;' 'branch_labels: left'
    rev left2 left1 'CREATE TABLE l2 ();' 'DROP TABLE l2;'
    rev right1 bbb 'CREATE TABLE r1 ();' 'DROP TABLE r1;' 'branch_labels: right'
    rev other1 '' 'CREATE TABLE o1 ();' 'DROP TABLE o1;' 'branch_labels: other' 'depends_on: left1'
}

ids() { sed -n 's/.* -> \([^ ,]*\).*/\1/p' <<<"$out" | tr '\n' ' '; }

# range A:B ID...: these, newest first.
range() {
    ok history -r "$1"
    same "$(ids)" "${*:2}${2:+ }"
}

# set_of A:B ID...: these, in any order.
set_of() {
    ok history -r "$1"
    same "$(ids | tr ' ' '\n' | sed '/^$/d' | sort)" "$(printf '%s\n' "${@:2}" | sort)"
}

@test "history -r A:B shows both and what is between, newest first" {
    line
    range bbb:ddd ddd ccc bbb
    range aaa:aaa aaa
    out_is '<base> -> aaa, make a'
}

@test "history --rev-range is the same, also with =" {
    line
    ok history --rev-range bbb:ccc
    same "$(ids)" 'ccc bbb '
    ok history --rev-range=bbb:ccc
    same "$(ids)" 'ccc bbb '
}

@test "history -r with an open end goes to the end" {
    line
    range ccc: eee ddd ccc
    range :bbb bbb aaa
    range : eee ddd ccc bbb aaa
}

@test "history -r takes base, head and heads" {
    line
    range base: eee ddd ccc bbb aaa
    range base:bbb bbb aaa
    range ddd:head eee ddd
    range ddd:heads eee ddd
}

@test "history -r takes starts of ids and labels" {
    rev abcdef '' '' '' 'branch_labels: lib'
    rev bcdefg abcdef ''
    range abc: bcdefg abcdef
    range lib:bcd bcdefg abcdef
}

@test "history -r current: begins where the database is" {
    line
    ok upgrade ccc
    range current: eee ddd ccc
    range :current ccc bbb aaa
    range current:current ccc
    range bbb:current ccc bbb
}

@test "history -r :current at base shows nothing and says so" {
    line
    range :current
    err_has 'no revisions in this range'
    range current: eee ddd ccc bbb aaa
    untouched
}

@test "history -r marks the rows only where the database is asked" {
    line
    ok upgrade ccc
    ok history -r current:
    out_has 'ccc (current)'
    ok history -r ccc:
    out_lacks current
}

@test "history -r -N: counts from the heads" {
    line
    range -2: eee ddd ccc
    range -1:head eee ddd
}

@test "history -r of more steps than there are ends at the end" {
    line
    range -99: eee ddd ccc bbb aaa
    range ccc:+99 eee ddd ccc
}

@test "history -r A:+N counts from A" {
    line
    range bbb:+1 ccc bbb
    range bbb:+2 ddd ccc bbb
    range base:+2 bbb aaa
}

@test "history -r takes a range that begins with - in each spelling" {
    local arguments
    line
    for arguments in '-r -2:' '-r-2:' '-r=-2:' '--rev-range -2:' '--rev-range=-2:'; do
        # shellcheck disable=SC2086 # words on purpose
        ok history $arguments
        same "$(ids)" 'eee ddd ccc '
    done
}

@test "history -r from a branch point shows both sides" {
    graph
    set_of bbb: bbb left1 left2 right1
    set_of bbb:left2 bbb left1 left2
    set_of left1:left@head left1 left2
}

@test "history -r to a revision brings what it depends on, and from one only what follows it" {
    graph
    set_of :other1 other1 left1 bbb aaa
    set_of other1: other1
    set_of :right@head right1 bbb aaa
}

@test "history -r LABEL@base: shows the branch and what it depends on" {
    graph
    set_of other@base: other1 left1 bbb aaa
    set_of left@base: left2 left1 bbb aaa
    set_of right@base: right1 bbb aaa
}

@test "history -r across a merge shows all its sides" {
    graph
    rev merged '[left2, right1]' ''
    set_of bbb:merged bbb left1 left2 right1 merged
    set_of right1:merged right1 merged
}

@test "history -r shows parts of a branch in an order that works" {
    graph
    rev merged '[left2, right1]' ''
    ok history -r bbb:merged
    same "$(ids | cut -d' ' -f1,5)" 'merged bbb'
}

@test "history -r of two sides of a fork is an error that names both" {
    graph
    fails 1 history -r left1:right1
    out_is ''
    err_has left1 right1
}

@test "history -r the wrong way round is an error" {
    line
    fails 1 history -r ddd:bbb
    err_has ddd bbb
}

@test "history -r without a colon, or with two, is an error that shows the forms" {
    line
    fails 1 history -r bbb
    err_has '"bbb"' START:END
    fails 1 history -r aaa:bbb:ccc
    err_has START:END
}

@test "history -r of an unknown revision is an error" {
    line
    fails 1 history -r zzz:
    err_has '"zzz"'
    fails 1 history -r aaa:zzz
    err_has '"zzz"'
    fails 1 history -r zzz@base:
    err_has '"zzz"'
}

@test "history -r of several heads as head is an error that names them" {
    graph
    fails 1 history -r aaa:head
    err_has left2 right1
}

@test "history -r current: with no server fails" {
    line
    PGHOST=/nowhere fails 1 history -r current:
    PGHOST=/nowhere ok history -r bbb:
}

@test "history -r with several rows begins at all of them" {
    graph
    ok upgrade left1
    ok upgrade right1
    set_of current: left1 left2 right1
    set_of :current left1 right1 bbb aaa
}

@test "history -i marks the rows" {
    line
    ok history -i
    out_lacks '(current)'
    ok upgrade ccc
    ok history -i
    out_has 'bbb -> ccc (current), make c' 'ddd -> eee (head)'
    same "$(grep -c '(current)' <<<"$out")" 1
}

@test "history -i marks each of several rows, and a head too" {
    fork
    ok upgrade heads
    ok history --indicate-current
    out_has 'bbb (head) (current)' 'ccc (head) (current)'
}

@test "history -i makes no table" {
    line
    ok history -i
    untouched
}

@test "history -i with a row that no file has is an error" {
    line
    ok upgrade head
    rm migrations/versions/eee.sql
    fails 1 history -i
    err_has '"eee"'
}

@test "history -i --json says of each revision whether it is current" {
    line
    ok upgrade ccc
    ok --json history -i
    json_is "jsonb_path_query_array(j, '\$[*].is_current')" '[false, false, true, false, false]'
}

@test "history -r --json and -v show the same range" {
    line
    ok --json history -r bbb:ccc
    json_is "jsonb_path_query_array(j, '\$[*].revision')" '["ccc", "bbb"]'
    ok history -v -r bbb:ccc
    out_has 'Rev: ccc' 'Rev: bbb'
    out_lacks 'Rev: aaa' 'Rev: ddd'
}

# root1[one] <- one2 <- one3 and root2[two] <- two2
two_roots() {
    rev root1 '' '' '' 'branch_labels: one'
    rev one2 root1 ''
    rev one3 one2 ''
    rev root2 '' '' '' 'branch_labels: two'
    rev two2 root2 ''
}

@test "history -r START:LABEL@+N counts from START along the branch" {
    two_roots
    range base:one@+2 one2 root1
    range base:two@+2 two2 root2
    range base:two@+9 two2 root2
    range :root1@+1 root1
    range root1:one@+1 one2 root1
    range root1:+1 one2 root1
}

@test "history -r base:+N with several roots is refused, and its hint works" {
    two_roots
    fails 1 history -r base:+2
    err_has 'base has 2 children' 'root1@+2'
    range base:root1@+2 one2 root1
}

@test "history -r LABEL@+N that meets a fork is refused, and its hint works" {
    graph
    fails 1 history -r bbb:aaa@+1
    err_has 'revision bbb has 2 children' 'left1@+1'
    range bbb:left1@+1 left1 bbb
}

@test "history -r START:LABEL@+N of an unknown branch is an error" {
    two_roots
    fails 1 history -r base:nope@+1
    err_has '"nope"'
}

@test "history -r with current on an empty version table counts as base" {
    line
    range current:bbb bbb aaa
    range current:current
    err_has 'no revisions in this range'
    untouched
}

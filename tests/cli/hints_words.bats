#!/usr/bin/env bats
# The hints on command lines, targets and new revisions: what they say to type works.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# usage_hint TEXT ARGUMENT...: the command is wrong usage, and its hint has the text.
usage_hint() {
    fails 2 "${@:2}"
    has "$(hint)" "$1"
}

# The command in `...` of the hint, as arguments of cmig.
suggested() {
    local typed
    typed=$(hint)
    typed=${typed#*\`cmig }
    eval "cmig ${typed%%\`*}"
    same "$status" 0
}

@test "command line: unknown commands, options and words" {
    chain
    usage_hint 'did you mean "upgrade"? `cmig --help` lists all' upgrad
    suggested
    usage_hint '`cmig --help` lists the commands' zzzzzz
    suggested
    usage_hint '`cmig --help` lists the options' -Z
    suggested
    usage_hint '`cmig upgrade --help` lists the options' upgrade -Z
    suggested
    usage_hint 'did you mean --resume-after?' upgrade --resume-aftr 1
    usage_hint '`cmig upgrade --help` explains it; a message of several words goes in quotes' upgrade aaa bbb
    suggested
    usage_hint '`cmig show --help` explains it' show
    suggested
    usage_hint 'cmig --url URL COMMAND ...' "$DATABASE_URL" upgrade head
    usage_hint 'cmig upgrade --url URL ...' upgrade "$DATABASE_URL"
    ok upgrade --url "$DATABASE_URL" head
    usage_hint 'write --wait=60, or --wait to wait for ever' current --wait=soon
    ok current --wait=60
    ok current --wait
    usage_hint 'write --last 20' log --last many
    ok log --last 20
    usage_hint 'there is one for bash, zsh and fish' completion tcsh
    ok completion fish
    usage_hint 'the error that asked for it names the number' upgrade --resume-after many head
    usage_hint 'a name is letters, digits and "_"; a revision reads it with' -x 'a-b=1' current
    ok -x 'a_b=1' current
}

@test "command line: an editor is named as the hint says" {
    chain
    mkdir nothing
    status=0
    PATH=$PWD/nothing "$CMIG" edit aaa 2>"$BATS_TEST_TMPDIR/err" || status=$?
    same "$status" 1
    err=$(cat "$BATS_TEST_TMPDIR/err")
    has "$(hint)" 'name one: EDITOR=nano cmig edit ...'
    EDITOR=true ok edit aaa
    EDITOR=no-such-editor fails 1 edit aaa
    has "$(hint)" 'VISUAL or EDITOR names it: no-such-editor'
    VISUAL=true EDITOR=no-such-editor ok edit aaa
}

@test "command line: --online and other options of --autogenerate" {
    project 'schema = schema.sql'
    echo 'CREATE TABLE t (a int);' >schema.sql
    usage_hint 'give both: cmig revision --autogenerate --online' revision --online -m x
    ok revision --autogenerate --online -m x
    usage_hint 'omit --unproven: the statements of --online depend on running them' revision --autogenerate --online --unproven -m x
}

@test "check: the commands that show and write the SQL" {
    project 'schema = schema.sql'
    echo 'CREATE TABLE t (a int);' >schema.sql
    fails 3 check --from database --to schema.sql
    has "$(hint)" 'to see the SQL, run cmig diff with the same --from and --to'
    ok diff --from database --to schema.sql
    out_has 'CREATE TABLE'
    fails 3 check
    has "$(hint)" 'cmig diff shows the SQL; cmig revision --autogenerate -m TEXT writes it as a revision'
    ok diff
    ok revision --autogenerate -m TEXT
    ok upgrade head
    ok check
}

@test "targets: ranges, too many steps, the wrong way" {
    chain
    ok upgrade aaa
    fails 1 upgrade aaa:bbb
    has "$(hint)" 'name one revision; `history -r` takes ranges, and --sql takes START:END'
    ok history -r aaa:bbb
    ok upgrade --sql aaa:bbb
    fails 1 upgrade +9
    has "$(hint)" 'say "head" to go to the end'
    ok upgrade head
    fails 1 downgrade -9
    has "$(hint)" 'say "base" to go back to the start'
    ok downgrade base
    fails 1 downgrade bbb
    has "$(hint)" 'to go forward to it, use `cmig upgrade bbb`'
    suggested
    rows_are bbb
    fails 1 downgrade +1
    has "$(hint)" 'use `cmig upgrade +1`, or `cmig downgrade -1` to go back'
    suggested
    rows_are ccc
    ok downgrade -1
    fails 1 upgrade -1
    has "$(hint)" 'use `cmig downgrade -1`'
    suggested
    rows_are aaa
    fails 1 history -r aaa
    has "$(hint)" 'a range is START:END, START: or :END'
    ok history -r aaa:ccc
    ok history -r aaa:
    ok history -r :bbb
    fails 1 history -r aaa:bbb+1
    has "$(hint)" 'name the revision; `cmig show bbb+1` prints it'
    suggested
    out_has ccc
}

@test "targets: heads of two branches, each way to name one" {
    fork
    rev bbb aaa 'SELECT 1;' '' 'branch_labels: left'
    fails 1 show head
    has "$(hint)" 'name one of them, or the one of a branch (BRANCH@head), or all: "heads"'
    ok show bbb
    ok show left@head
    ok show heads
    ok upgrade heads
    fails 1 downgrade current
    same "$(hint)" 'name one of them'
    ok downgrade bbb
    ok upgrade heads
    fails 1 upgrade left@+9
    has "$(hint)" 'say "left@head" to go to the end'
    ok upgrade left@head
    fails 1 downgrade left@-9
    has "$(hint)" 'say "left@base" to go back to the start'
    ok downgrade left@base
    rows_are ''
    ok upgrade heads
    fails 1 stamp aaa bbb
    has "$(hint)" 'name only the later of the two: it implies the other'
    ok stamp bbb
}

@test "targets: a range that counts from two revisions, and one without an end" {
    rev aaa '' 'SELECT 1;'
    rev bbb '' 'SELECT 1;' '' 'depends_on: aaa'
    rev ccc bbb 'SELECT 1;'
    fails 1 history -r aaa:ccc
    has "$(hint)" 'a range follows down_revision; show :END instead'
    ok history -r :ccc
    rm migrations/versions/*
    fork
    rev ddd bbb 'SELECT 1;'
    fails 1 history -r heads:+1
    has "$(hint)" 'name the one revision to begin at'
    ok history -r bbb:+1
}

@test "new revisions: what they follow" {
    chain
    fails 1 revision -m x --head aaa
    has "$(hint)" 'name a head, or make a branch here with --splice'
    ok revision -m x --head aaa --splice --rev-id ddd
    fails 1 revision -m y
    has "$(hint)" 'join them with `cmig merge ccc ddd`, or name one, or its branch: --head ccc, --head LABEL@head'
    ok revision -m y --head ccc --rev-id eee
    fails 1 merge ddd ddd
    has "$(hint)" 'name each revision to merge once'
    fails 1 merge ddd aaa
    has "$(hint)" 'name a head, or make a branch here with --splice'
    fails 1 merge ddd aaa --splice
    has "$(hint)" 'name only the later of the two: it has the other one in it'
    fails 1 revision -m y
    suggested
    ok heads
    same "$(wc -l <<<"$out")" 1
}

@test "new revisions: heads that depend on each other, and names that are taken" {
    rev aaa '' 'SELECT 1;' '' 'branch_labels: one'
    rev bbb '' 'SELECT 1;' '' 'depends_on: aaa'
    fails 1 merge heads
    has "$(hint)" 'name them: cmig merge aaa bbb'
    ok merge aaa bbb
    fails 1 revision -m x --rev-id aaa
    has "$(hint)" 'ids and branch labels share one namespace; choose another'
    fails 1 revision -m x --rev-id one
    ok revision -m x --rev-id two --head heads
    usage_hint 'use 1 to 128 letters, digits, "_" and "."' revision -m x --rev-id "$(printf '%0129d' 0)"
    usage_hint 'use letters, digits, "_" and "."' revision -m x --rev-id 'a b'
    usage_hint 'head, heads, base and current are words of the target grammar; choose another' revision -m x --rev-id head
    ok revision -m x --rev-id a_b.c
}

@test "new revisions: version_locations and file_template" {
    mkdir one two
    ini 'script_location = migrations' 'version_locations = one two' 'path_separator = space'
    usage_hint 'name one of them with --version-path: one, two' revision -m x
    ok revision -m x --version-path one
    project 'file_template = sub/%%(rev)s'
    usage_hint 'set recursive_version_locations = true, or take the "/" out of file_template' revision -m x
    project 'file_template = sub/%%(rev)s' 'recursive_version_locations = true'
    ok revision -m x
    rm -r migrations/versions/*
    project 'file_template = %%(nope)s'
    usage_hint 'it may hold %%(rev)s, %%(slug)s, %%(epoch)s, and %%(year)d, %%(month).2d, %%(day).2d' revision -m x
    project "file_template = $(hint | sed 's/it may hold//; s/and//; s/[, ]//g')"
    ok revision -m x
    rm -r migrations/versions/*
    project 'file_template = ../%%(rev)s'
    usage_hint 'a file name must not begin with "/" or ".", and must not contain ".."' revision -m x
    project 'timezone = Nowhere/Town'
    usage_hint 'use a name such as UTC or Europe/Berlin; this machine'\''s are in /usr/share/zoneinfo' revision -m x
    project 'timezone = UTC'
    ok revision -m x
}

@test "new revisions: the template" {
    printf -- '-- ${nope}\n' >migrations/revision.sql.in
    usage_hint 'known are ${revision}, ${down_revision}, ${branch_labels}, ${depends_on}, ${message} and ${create_date}' revision -m x
    {
        printf -- '-- ---\n-- revision: ${revision}\n-- ---\n'
        hint | grep -o '\${[a-z_]*}' | sed 's/^/-- /'
    } >migrations/revision.sql.in
    project 'schema = schema.sql'
    echo 'CREATE TABLE t (a int);' >schema.sql
    usage_hint 'the statements go below it' revision --autogenerate -m x
    printf -- '-- cmig:upgrade\n-- cmig:downgrade\n' >>migrations/revision.sql.in
    ok revision --autogenerate -m x
    ok upgrade head
    ok check
}

@test "new revisions: a hook that fails keeps the file, and says where" {
    project '[post_write_hooks]' 'hooks = no' 'no.type = exec' 'no.executable = false'
    fails 1 revision -m x
    path=$(hint)
    has "$path" 'the revision file is kept: ' '; correct it or [post_write_hooks]'
    path=${path#*kept: }
    [ -f "${path%%;*}" ]
    project '[post_write_hooks]' 'hooks = no' 'no.type = perl' 'no.executable = false'
    usage_hint 'no.type is exec, console_scripts or module' revision -m x
    project '[post_write_hooks]' 'hooks = no' 'no.type = exec' 'no.executable = true'
    ok revision -m x --rev-id other --head heads
}

@test "new revisions: standard output that is full" {
    [ -w /dev/full ] || skip 'no /dev/full'
    status=0
    "$CMIG" revision -m x >/dev/full 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
    err=$(cat "$BATS_TEST_TMPDIR/err")
    same "$status" 1
    path=$(hint)
    has "$path" 'the revision was created: '
    [ -f "${path#*created: }" ]
    rm "${path#*created: }"
    rev aaa '' "SELECT '$(printf '%0300000d' 0)';"
    status=0
    "$CMIG" upgrade --sql head >/dev/full 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
    err=$(cat "$BATS_TEST_TMPDIR/err")
    same "$status" 1
    err_has 'what was written of it is not whole: throw it away'
}

@test "init: names that cannot be used" {
    usage_hint 'choose a plain name, such as migrations' -c new.ini init 'a${b}'
    fails 1 -c new.ini init migrations
    has "$(hint)" 'choose another name, or move it away: init overwrites nothing'
    usage_hint 'choose a plain name, such as cmig' -c new.ini -n 'a]b' init other
    ok -c new.ini -n cmig init other
}

@test "targets: names that are not known, or the start of several" {
    rev abc1 '' 'SELECT 1;'
    rev abc2 abc1 'SELECT 1;'
    fails 1 show zzzzzz
    has "$(hint)" '`cmig history` lists all revisions'
    suggested
    fails 1 show abc
    has "$(hint)" 'write more of it'
    ok show abc2
    fails 1 stamp --purge -- -1
    has "$(hint)" 'name the revision that the database is to be at'
    ok stamp --purge abc2
    ok upgrade head
    sql "INSERT INTO cmig_version VALUES ('abc1')"
    fails 1 upgrade head
    has "$(hint)" 'a stamp of the later revision removes the superfluous row: cmig stamp REVISION'
    ok stamp abc2
    ok upgrade head
    rows_are abc2
}

@test "targets: steps where the history forks" {
    fork
    ok upgrade aaa
    fails 1 upgrade +1
    has "$(hint)" 'name the revision to stop at, or follow one branch: bbb@+1'
    ok upgrade bbb@+1
    rows_are bbb
    ok upgrade heads
    fails 1 downgrade -1
    has "$(hint)" 'say which side: bbb@-1, or the id of the revision to stop at'
    ok downgrade bbb@-1
    rows_are ccc
    ok upgrade heads
    ok downgrade ccc@-1
    rows_are bbb
    rev ddd '[bbb, ccc]' 'SELECT 1;'
    fails 1 show ddd-1
    has "$(hint)" 'name the revision to stop at, such as bbb'
    ok show bbb
}

@test "graph: a missing parent, a circle, and files that are none" {
    rev bbb aaa 'SELECT 1;'
    fails 1 heads
    has "$(hint)" 'bring that file back (perhaps it is on another git branch), or correct down_revision'
    rev aaa '' 'SELECT 1;'
    ok heads
    rev aaa bbb 'SELECT 1;'
    fails 1 heads
    has "$(hint)" 'correct down_revision or depends_on in one of migrations/versions/'
    rev aaa '' 'SELECT 1;'
    ok heads
    mkdir migrations/versions/x.sql
    fails 1 heads
    has "$(hint)" 'names that end in .sql are revision files; rename it'
    mv migrations/versions/x.sql migrations/versions/x
    ok heads
}

#!/usr/bin/env bats
# cmig edit opens the files of revisions in the user's editor.
load helper

setup() {
    fresh_folder
    project
    unset VISUAL EDITOR
}

# editor NAME: a program that writes its name and its arguments, one to a line, to the file `said`.
editor() {
    printf '#!/bin/sh\nprintf "%%s\\n" %s "$@" >"%s/said"\n' "$1" "$PWD" >"$1"
    chmod 755 "$1"
}

said_is() { same "$(tr '\n' ' ' <said)" "$1 "; }

@test "edit opens the file in EDITOR" {
    chain
    editor ed1
    EDITOR=./ed1 ok edit bbb
    said_is 'ed1 migrations/versions/bbb.sql'
    out_is ''
}

@test "edit takes VISUAL before EDITOR, unless it is empty" {
    chain
    editor ed1
    editor vis1
    VISUAL=./vis1 EDITOR=./ed1 ok edit bbb
    said_is 'vis1 migrations/versions/bbb.sql'
    VISUAL='' EDITOR=./ed1 ok edit bbb
    said_is 'ed1 migrations/versions/bbb.sql'
}

@test "edit gives EDITOR its own arguments first, also those in quotes" {
    chain
    editor ed1
    EDITOR='./ed1 --wait "a b"' ok edit head
    said_is 'ed1 --wait a b migrations/versions/ccc.sql'
    same "$(wc -l <said | tr -d ' ')" 4
}

@test "edit finds EDITOR on PATH" {
    chain
    editor ed1
    PATH=$PWD:$PATH EDITOR=ed1 ok edit head
    said_is 'ed1 migrations/versions/ccc.sql'
}

@test "edit reads no shell language in EDITOR" {
    chain
    editor ed1
    EDITOR='./ed1 $(touch broken) ; touch broken' ok edit head
    [ ! -e broken ]
}

@test "edit opens several files in one editor" {
    fork
    editor ed1
    EDITOR=./ed1 ok edit heads
    said_is 'ed1 migrations/versions/bbb.sql migrations/versions/ccc.sql'
}

@test "edit takes labels, starts of ids and steps" {
    rev aaa '' '' '' 'branch_labels: lib'
    rev bcdef aaa ''
    editor ed1
    export EDITOR=./ed1
    ok edit lib
    said_is 'ed1 migrations/versions/aaa.sql'
    ok edit lib@head
    said_is 'ed1 migrations/versions/bcdef.sql'
    ok edit bc
    said_is 'ed1 migrations/versions/bcdef.sql'
    ok edit head-1
    said_is 'ed1 migrations/versions/aaa.sql'
}

@test "edit opens a file whose name has spaces and signs" {
    rev aaa '' ''
    mv migrations/versions/aaa.sql 'migrations/versions/a file; of $mine.sql'
    editor ed1
    EDITOR=./ed1 ok edit aaa
    said_is 'ed1 migrations/versions/a file; of $mine.sql'
    same "$(wc -l <said | tr -d ' ')" 2
}

@test "what the editor writes is kept, and its stdout is the terminal's" {
    chain
    printf '#!/bin/sh\necho on the screen\necho "-- note" >>"$1"\n' >ed1
    chmod 755 ed1
    EDITOR=./ed1 ok edit head
    out_is 'on the screen'
    same "$(tail -1 migrations/versions/ccc.sql)" '-- note'
}

@test "an editor that fails is an error that names it" {
    chain
    EDITOR=false fails 1 edit head
    err_has false 'status 1' EDITOR
}

@test "an editor that is missing is an error that names it" {
    chain
    EDITOR=no-such-editor fails 1 edit head
    err_has no-such-editor 'No such file' EDITOR
}

@test "without VISUAL and EDITOR one of the usual editors is taken" {
    chain
    editor sensible-editor
    PATH=$PWD:$PATH ok edit head
    said_is 'sensible-editor migrations/versions/ccc.sql'
}

@test "without any editor the error says how to name one" {
    chain
    status=0
    PATH=$PWD "$CMIG" edit head >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
    took 'cmig edit head'
    same "$status" 1
    err_has 'editor' EDITOR=
}

@test "edit base is an error: there is no file" {
    chain
    editor ed1
    EDITOR=./ed1 fails 1 edit base
    err_has '"base"'
    [ ! -e said ]
}

@test "edit of an unknown revision is an error, and no editor is started" {
    chain
    editor ed1
    EDITOR=./ed1 fails 1 edit zzz
    err_has '"zzz"'
    [ ! -e said ]
}

@test "edit current opens what the database is at" {
    fresh_database
    chain
    editor ed1
    ok upgrade bbb
    EDITOR=./ed1 ok edit current
    said_is 'ed1 migrations/versions/bbb.sql'
}

@test "edit current at base is an error that says so" {
    fresh_database
    chain
    editor ed1
    EDITOR=./ed1 fails 1 edit current
    [ ! -e said ]
    untouched
}

@test "edit needs no database but for current" {
    chain
    editor ed1
    export PGHOST=/nowhere
    EDITOR=./ed1 ok edit head
}

@test "edit without a revision is wrong usage" {
    chain
    fails 2 edit
    err_has REVISION
}

@test "an EDITOR of spaces is none, and the file is not run" {
    chain
    printf '#!/bin/sh\ntouch "$HOME/ran"\n' >migrations/versions/aaa.sh
    local result=0
    env PATH=/none EDITOR='  ' VISUAL= "$CMIG" edit aaa 2>said || result=$?
    same "$result" 1
    has "$(cat said)" 'no editor found'
}

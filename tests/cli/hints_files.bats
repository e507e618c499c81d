#!/usr/bin/env bats
# The hints on ini files, headers, markers and schema sources: the file that follows the hint is read.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# hint_has STATUS TEXT ARGUMENT...: the command fails with this status, and its hint has the text.
hint_has() {
    fails "$1" "${@:3}"
    has "$(hint)" "$2"
}

# header_hint TEXT LINE...: a file of these lines fails with a hint that has the text.
header_hint() {
    printf '%b\n' "${@:2}" | file aaa.sql
    hint_has 1 "$1" history
}

@test "ini file: missing, unreadable, or without the section" {
    mv migrate.ini other.ini
    hint_has 2 'run `cmig init migrations` to start a project here, go to the folder of an existing one, or name its file with -c or $CMIG_CONFIG' heads
    ok -c other.ini heads
    CMIG_CONFIG=other.ini ok heads
    mkdir elsewhere
    (cd elsewhere && ok init migrations && ok heads)
    mkdir folder.ini
    hint_has 2 'make the file readable, or name another with -c or $CMIG_CONFIG' -c folder.ini heads
    printf '[alembic]\nscript_location = migrations\n' >migrate.ini
    hint_has 2 "to use Alembic's settings, add: -n alembic" heads
    ok -n alembic heads
    printf '[one]\nscript_location = migrations\n[two]\nx = 1\n' >migrate.ini
    hint_has 2 "the file's sections are: one, two; -n NAME chooses one" heads
    ok -n one heads
    echo '# nothing' >migrate.ini
    hint_has 2 'settings stand below a line [cmig]' heads
    printf '[cmig]\ntimezone = UTC\n' >migrate.ini
    hint_has 2 'add a line such as: script_location = migrations' heads
    hint | sed 's/.*such as: //' >>migrate.ini
    ok heads
}

@test "ini file: lines, names and bytes" {
    ini 'script_location = migrations' nothing
    hint_has 2 'comment lines begin with # or ;' heads
    ini 'script_location = migrations' '# nothing' '; nothing'
    ok heads
    ini 'script_location = migrations' '[other'
    hint_has 2 'write it as [name]' heads
    ini 'script_location = migrations' '[other]'
    ok heads
    ini 'script_location = migrations' "$(printf '%060d' 0) = 1"
    hint_has 2 'no setting has such a long name' heads
    ini 'script_location = migrations' 'script_location = other'
    hint_has 2 'keep one of the two lines' heads
    ini $'script_location = migrations # \xff'
    hint_has 2 'save the file as UTF-8 text' heads
    iconv -f LATIN1 -t UTF-8 migrate.ini >new.ini
    sed -i 's/ #.*//' new.ini
    ok -c new.ini heads
}

@test "ini file: values" {
    ini 'script_location = ${WHERE}'
    hint_has 2 'set it (export WHERE=...), or give a default: ${WHERE:-value}' heads
    WHERE=migrations ok heads
    ini 'script_location = ${WHERE:-migrations}'
    ok heads
    ini 'script_location = migrations' 'url = ${NO_URL}'
    hint_has 2 'without the line, PGHOST, PGDATABASE and the like are used' current
    ini 'script_location = migrations'
    (unset DATABASE_URL && PGDATABASE=$DB ok current)
    project 'lock_timeout = 5 parsecs'
    hint_has 2 'units are us, ms, s, min, h and d; a plain number is milliseconds; 0 is no limit' current
    local value
    for value in 500000us 500ms 5s 1min 1h 1d 5000 0; do
        project "lock_timeout = $value"
        ok current
    done
    project 'version_table = '"$(printf '%064d' 0)"
    fails 2 current
}

@test "versions: a folder that is missing, and a file that is not read" {
    rm -r migrations
    ini "script_location = it's \$HOME" 'url = ${DATABASE_URL}'
    hint_has 2 'check script_location or version_locations in the configuration; if it is only missing' history
    local typed
    typed=$(hint)
    sh -c "mkdir -p ${typed#*mkdir -p }"
    ok history
    same "$(ls)" "$(printf '%s\n' "it's \$HOME" migrate.ini)"
}

@test "headers: fences, keys and values" {
    header_hint 'a revision file begins with comment lines: "-- ---", "-- revision: ID", ..., "-- ---"; `cmig revision -m TEXT` writes one' 'SELECT 1;'
    rm migrations/versions/aaa.sql
    ok revision -m TEXT
    rm migrations/versions/*
    header_hint 'every line of the header begins with "--"; the last is "-- ---"' '-- ---' '-- revision: aaa' 'down_revision: b' '-- ---'
    header_hint 'end it with a line "-- ---"' '-- ---' '-- revision: aaa'
    echo '-- ---' >>migrations/versions/aaa.sql
    ok history
    header_hint 'shorten it: the message may say less, and a comment below the header more' '-- ---' '-- revision: aaa' "-- message: $(printf '%070000d' 0)" '-- ---'
    header_hint 'add a line such as: -- revision: 1a2b3c4d5e6f' '-- ---' '-- message: x' '-- ---'
    printf '%s\n' '-- ---' "$(hint | sed 's/.*such as: //')" '-- message: x' '-- ---' | file aaa.sql
    ok show 1a2b3c4d5e6f
    header_hint 'did you mean "message"?' '-- ---' '-- revision: aaa' '-- mesage: x' '-- ---'
    header_hint 'known are revision, down_revision, branch_labels, depends_on, message, create_date, transaction' '-- ---' '-- revision: aaa' '-- zzzzzzzz: x' '-- ---'
    header_hint 'write `key: value`; a value with ": ", " #" or a leading sign goes in double quotes' '-- ---' '-- revision: aaa' '-- message: x: y' '-- ---'
    header_hint 'write the value out; a text that begins with & or * goes in double quotes' '-- ---' '-- revision: aaa' '-- message: *x' '-- ---'
    printf '%s\n' '-- ---' '-- revision: aaa' '-- message: "*x: - #"' '-- ---' | file aaa.sql
    ok history
    out_has '*x: - #'
    header_hint 'leave the tag out: every value is text' '-- ---' '-- revision: !!str aaa' '-- ---'
    header_hint 'a value is one text, or a list of texts: [a, b]' '-- ---' '-- revision: aaa' '-- branch_labels: {a: b}' '-- ---'
    printf '%s\n' '-- ---' '-- revision: aaa' '-- branch_labels: [a, b]' '-- ---' | file aaa.sql
    ok show b
    header_hint 'write `key: value`' '-- ---' '-- [a, b]: c' '-- ---'
    header_hint 'keep one of the two' '-- ---' '-- revision: aaa' '-- message: a' '-- message: b' '-- ---'
    header_hint 'begin with a line such as: -- revision: 1a2b3c' '-- ---' '-- - a' '-- ---'
    header_hint 'keep one' '-- ---' '-- revision: aaa' '-- --- # x' '-- a: b' '-- ---'
    header_hint 'leave it out' '-- ---' '-- revision: aaa' '-- message: "a\\0b"' '-- ---'
}

@test "headers: bytes" {
    header_hint 'save the file as UTF-8, for example: iconv -f LATIN1 -t UTF-8' '-- ---' '-- revision: aaa' '-- message: caf\xe9' '-- ---'
    local typed
    typed=$(hint | sed 's/.*example: //')
    $typed migrations/versions/aaa.sql >new
    cp new migrations/versions/aaa.sql
    ok history
    out_has café
    header_hint 'no SQL text holds one; remove it' '-- ---' '-- revision: aaa' '-- ---' 'a\0b'
}

@test "markers: each way that the hint says" {
    rev aaa '' 'SELECT 1;'
    echo '   -- cmig:upgrade' >>migrations/versions/aaa.sql
    hint_has 1 'a marker stands alone on its line, without spaces before it' upgrade head
    rev aaa '' 'SELECT 1;'
    sed -i 's/cmig:upgrade/cmig:upgrad/' migrations/versions/aaa.sql
    hint_has 1 'did you mean: -- cmig:upgrade' upgrade head
    sed -i 's/cmig:upgrad$/cmig:zzzzzz/' migrations/versions/aaa.sql
    hint_has 1 'the markers are -- cmig:upgrade and -- cmig:downgrade' upgrade head
    rev aaa '' $'SELECT 1;\n-- cmig:upgrade\nSELECT 2;'
    hint_has 1 'put all statements of the upgrade under one marker' upgrade head
    rev aaa '' $'CREATE TABLE t (a text);\nCOPY t FROM stdin;\nx'
    sed -i '/cmig:downgrade/,$d' migrations/versions/aaa.sql
    hint_has 1 'end the data with a line "\."' upgrade head
    echo '\.' >>migrations/versions/aaa.sql
    ok upgrade head
    rev bbb aaa "SELECT '"
    hint_has 1 'close it; until then every marker after it is part of it' upgrade head
    rev bbb aaa "SELECT '';"
    ok upgrade head
    rev ccc bbb '\d t'
    hint_has 1 'write it as SQL, or leave it out; COPY ... FROM stdin with its data below is allowed' upgrade head
}

@test "markers: a revision without a downgrade" {
    chain
    sed -i '/cmig:downgrade/,$d' migrations/versions/bbb.sql
    ok upgrade head
    hint_has 1 'stop the downgrade at bbb, or add the marker and the statements that undo the upgrade' downgrade base
    ok downgrade bbb
    printf '%s\n' '-- cmig:downgrade' 'DROP TABLE b;' >>migrations/versions/bbb.sql
    ok downgrade base
    sed -i '/cmig:upgrade/,$d' migrations/versions/aaa.sql
    hint_has 1 'add the marker; with nothing under it, there is nothing to do' upgrade aaa
    echo '-- cmig:upgrade' >>migrations/versions/aaa.sql
    ok upgrade aaa
}

@test "schema source: missing, empty or named wrongly" {
    hint_has 2 'name the file or folder that holds the schema as SQL: schema = schema.sql; `cmig dump --to schema.sql` makes a first one' check
    sql 'CREATE TABLE t (a int)'
    project 'schema = schema.sql'
    ok dump --to schema.sql
    ok check
    project "schema = it's the schema.sql"
    hint_has 2 "correct schema, or make a first one: cmig dump --to" check
    typed=$(hint)
    sh -c "'$CMIG' ${typed#*cmig }"
    ok check
    hint_has 1 'a side is database, schema, revisions, a URL, or a file or folder of plain DDL, such as `cmig dump --to FILE` makes' diff --from databas
    ok diff --from database --to schema.sql
    : >empty.sql
    hint_has 1 'check that it names the right file or folder, and that its files end in .sql' diff --to empty.sql
    project 'schema = schema.sql' 'include_schemas = nowhere'
    hint_has 2 'correct include_schemas' check
    project 'schema = schema.sql' 'include_schemas = public'
    ok check
}

@test "schema source: what cannot be read" {
    echo "SELECT 'x" >broken.sql
    hint_has 1 'close it' dump --from broken.sql
    printf 'CREATE TABLE t (a text);\nCOPY t FROM stdin; SELECT 1;\n\\.\n' >broken.sql
    hint_has 1 'its data begins on the next line' dump --from broken.sql
    echo '\d t' >broken.sql
    hint_has 1 'write it as SQL, or leave it out' dump --from broken.sql
}

@test "schema source: renames" {
    project 'schema = schema.sql'
    sql 'CREATE TABLE t (a int, b int)'
    printf -- '-- cmig:rename column x to y\nCREATE TABLE t (a int, c int);\n' >schema.sql
    cmig diff
    has "$(hint)" 'both names are as SQL writes them, in the same table or PostgreSQL schema; a rename that has run everywhere can be taken out'
}

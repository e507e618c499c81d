#!/usr/bin/env bats
# cmig init starts a project and overwrites nothing.
load helper

setup() { fresh_folder; }

@test "init writes the ini file, the folder, its README, the template and versions/" {
    ok init migrations
    files_are . './migrate.ini ./migrations ./migrations/README ./migrations/revision.sql.in ./migrations/versions '
    grep -qx 'script_location = migrations' migrate.ini
    grep -qx 'url = ${DATABASE_URL}' migrate.ini
}

@test "init says on stdout what it wrote, and on stderr what to do next" {
    ok init migrations
    out_has 'created migrate.ini' 'created migrations/README' 'created migrations/revision.sql.in' 'created migrations/versions'
    err_has 'next: ' 'DATABASE_URL' 'cmig revision -m'
}

@test "init needs neither a configuration nor a database" {
    export CMIG_CONFIG= PGHOST=/nowhere
    ok init migrations
}

@test "what init wrote is a project that history reads" {
    ok init migrations
    ok history
    out_is ''
    err_has 'no revisions yet' 'cmig revision -m'
}

@test "init keeps a migrate.ini that is there, byte for byte, and says so" {
    printf '[cmig]\r\nscript_location=migrations ; mine\n\n' >migrate.ini
    cp migrate.ini before
    ok init migrations
    cmp migrate.ini before
    err_has 'kept migrate.ini' 'script_location = migrations'
    out_lacks 'created migrate.ini'
}

@test "a second init is refused and changes nothing" {
    ok init migrations
    echo mine >migrations/README
    fails 1 init migrations
    err_has '"migrations"' 'not empty' 'hint: '
    same "$(cat migrations/README)" mine
}

@test "init refuses a folder with files in it, and writes no ini file" {
    mkdir migrations && touch migrations/mine
    fails 1 init migrations
    files_are . './migrations ./migrations/mine '
}

@test "init refuses a file of that name" {
    echo mine >migrations
    fails 1 init migrations
    err_has '"migrations"' 'no folder'
    same "$(cat migrations)" mine
    [ ! -e migrate.ini ]
}

@test "init takes an empty folder that is there" {
    mkdir migrations
    ok init migrations
    [ -d migrations/versions ]
}

@test "init makes folders on the way, and takes a trailing slash" {
    ok init db/migrations/
    [ -d db/migrations/versions ]
    ok history
}

@test "init writes the ini file that -c names, whose project works from anywhere" {
    mkdir conf elsewhere
    ok -c conf/db.ini init conf/migrations
    [ -f conf/db.ini ]
    [ ! -e migrate.ini ]
    cd elsewhere
    ok -c ../conf/db.ini revision -m one
    ok -c ../conf/db.ini history
    out_has one
}

@test "init writes the ini file that CMIG_CONFIG names, as the other commands read it" {
    export CMIG_CONFIG=db.ini
    ok init migrations
    [ -f db.ini ]
    ok history
}

@test "a folder name with spaces, % and ; becomes a project that works" {
    ok init 'my 100% (new); folder # 1'
    ok revision -m one
    ok history
    out_has one
}

@test "a folder name that no ini file can hold is refused before anything is written" {
    local name
    for name in ' migrations' '${HOME}' $'a\nb' ''; do
        fails 2 init "$name"
        err_has 'hint: '
    done
    files_are . ''
}

@test "init where the ini file cannot be written leaves nothing behind" {
    fails 1 -c missing/db.ini init migrations
    err_has 'missing/db.ini'
    files_are . ''
}

@test "init in a folder that may not be written fails and names the path" {
    mkdir closed && chmod 555 closed
    cmig_as_nobody init closed/migrations
    [ "$status" -eq 1 ]
    err_has 'closed/migrations' 'Permission denied'
    [ ! -e migrate.ini ]
    files_are closed ''
}

@test "init --json answers one document and nothing else on stdout" {
    ok --json init migrations
    json_is "j->'created' @> '[\"migrate.ini\", \"migrations/README\", \"migrations/versions\"]'" t
}

@test "init --quiet tells nothing on stderr" {
    ok -q init migrations
    err_is ''
}

@test "init without a folder is wrong usage" {
    fails 2 init
    err_has DIRECTORY 'cmig init --help'
    files_are . ''
}

@test "init with two folders is wrong usage" {
    fails 2 init one two
    err_has '"two"'
    files_are . ''
}

@test "init writes the section that -n names, as the other commands read it" {
    ok -n billing init migrations
    ok -n billing history
    fails 2 history
    err_has 'no settings in section [cmig]' billing
}

@test "init refuses a section that no ini file can hold, before anything is written" {
    local name
    for name in '' 'a]b' $'a\nb' "$(printf '%050d' 1)"; do
        fails 2 -n "$name" init migrations
        err_has section 'hint: '
    done
    files_are . ''
}

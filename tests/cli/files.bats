#!/usr/bin/env bats
# The files that cmig writes: links, modes, owners and kinds of files stay what they are, and nothing is left behind.

load helper

setup() {
    fresh_folder
    fresh_database
    project
    sql 'CREATE TABLE a (id int)'
}

# The text that a dump of the database is.
expected() {
    "$CMIG" dump >"$BATS_TEST_TMPDIR/expected"
    [ -s "$BATS_TEST_TMPDIR/expected" ]
}
is_dump_of() { has "$(cat "$2")" "CREATE TABLE public.$1 ("; }
is_dump() { diff "$BATS_TEST_TMPDIR/expected" "$1"; }

@test "dump --to - is standard output, and makes no file of that name" {
    expected
    ok dump --to -
    is_dump "$BATS_TEST_TMPDIR/out"
    [ ! -e - ]
}

@test "dump --to a device or a FIFO writes to it, and leaves it what it is" {
    expected
    # a device of the test's own, where it may make one
    mknod null c 1 3 2>/dev/null || ln -s /dev/null null
    ok dump --to null
    [ -c null ]
    ok dump --to /dev/null
    [ -c /dev/null ]
    mkfifo pipe
    cat pipe >got 3>&- &
    ok dump --to pipe
    wait $!
    is_dump got
    [ -p pipe ]
    "$CMIG" dump --to /dev/stdout | cat >got
    is_dump got
}

@test "dump --to /dev/stdout goes on where the standard output is" {
    expected
    for name in /dev/stdout /proc/self/fd/1 /dev/fd/1; do
        { echo before; "$CMIG" dump --to $name; echo after; } >got
        { echo before; cat "$BATS_TEST_TMPDIR/expected"; echo after; } | diff - got
        [ -e $name ]
    done
    ln -s /dev/stdout link
    { echo before; "$CMIG" dump --to link; echo after; } >>got
    [ "$(grep -c before got)" = 2 ]
    [ -L link ]
}

@test "dump --to a symbolic link writes the file that it points to" {
    expected
    mkdir there
    echo old >there/schema.sql
    ln -s there/schema.sql schema.sql
    ln -s schema.sql again
    ok dump --to again
    [ -L again ] && [ -L schema.sql ]
    is_dump there/schema.sql
    ln -s there/none.sql dangling
    ok dump --to dangling
    [ -L dangling ]
    is_dump there/none.sql
    ln -s round round
    fails 1 dump --to round
    err_has 'cannot write "round"'
}

@test "dump --to keeps the mode of a file" {
    expected
    for mode in 600 640 755; do
        echo old >schema.sql
        chmod $mode schema.sql
        ok dump --to schema.sql
        same "$(stat -c %a schema.sql)" $mode
        is_dump schema.sql
    done
    umask 027
    ok dump --to new.sql
    same "$(stat -c %a new.sql)" 640
}

@test "dump --to keeps the owner of a file" {
    if [ "$(id -u)" != 0 ]; then skip 'needs root'; fi
    expected
    echo old >schema.sql
    chown 12345:54321 schema.sql
    chmod 4750 schema.sql
    ok dump --to schema.sql
    same "$(stat -c '%u:%g %a' schema.sql)" '12345:54321 4750'
    is_dump schema.sql
}

@test "where the folder takes no second file, the file is overwritten in place" {
    expected
    mkdir closed
    seq 100000 >closed/schema.sql # longer than the dump
    if [ "$(id -u)" = 0 ]; then
        mount --bind closed/schema.sql closed/schema.sql 2>/dev/null || skip 'needs to mount a file'
        "$CMIG" dump --to closed/schema.sql && umount closed/schema.sql
    else
        chmod 555 closed
        ok dump --to closed/schema.sql
        chmod 755 closed
    fi
    is_dump closed/schema.sql
    same "$(ls -A closed)" schema.sql
}

@test "a file that may not be written, a folder and a missing folder are errors, and nothing is left" {
    mkdir folder
    fails 1 dump --to folder
    err_has 'cannot write "folder": Is a directory'
    fails 1 dump --to none/schema.sql
    err_has 'cannot write "none/schema.sql": cannot create a file in "none": No such file or directory'
    if [ "$(id -u)" != 0 ]; then
        echo old >schema.sql
        chmod 444 schema.sql
        fails 1 dump --to schema.sql
        err_has 'cannot write "schema.sql": Permission denied'
        same "$(cat schema.sql)" old
    fi
    [ -z "$(find . -name '*.tmp')" ]
}

@test "a full disk keeps the old file, and leaves no other" {
    echo old >schema.sql
    said=$( (ulimit -f 0; trap '' XFSZ; "$CMIG" dump --to schema.sql 2>&1) || echo "status $?")
    has "$said" 'cannot write "schema.sql": File too large' 'status 1'
    same "$(cat schema.sql)" old
    same "$(ls -A)" "$(printf '%s\n' migrate.ini migrations schema.sql)"
}

@test "what a killed dump has left is removed by the next, and what another writes is not" {
    expected
    echo half >.cmig-0123456789abcdef.tmp
    echo busy >.cmig-fedcba9876543210.tmp
    echo mine >.cmig-notes
    exec 8<.cmig-fedcba9876543210.tmp
    flock 8
    ok dump --to schema.sql
    exec 8<&-
    is_dump schema.sql
    same "$(ls -A .cmig-*)" "$(printf '%s\n' .cmig-fedcba9876543210.tmp .cmig-notes)"
    ok revision -m new
    same "$(ls -A .cmig-* migrations/versions | grep -c tmp)" 1 # it is in another folder
}

@test "schema_dump that cannot be written is an error behind a migration that stays" {
    project 'schema_dump = none/schema.sql'
    rev aaa '' 'CREATE TABLE b (id int);' 'DROP TABLE b;'
    fails 1 upgrade head
    err_has 'schema_dump: cannot write "none/schema.sql": ' 'No such file or directory' \
        'the migration is complete; only the file was not written'
    rows_are aaa
    mkdir none
    ok dump --to none/schema.sql # the hint
    project 'schema_dump = ${SCHEMA_DUMP:-}'
    ok downgrade base
    SCHEMA_DUMP=set.sql ok upgrade head
    is_dump_of b set.sql
    is_dump_of b none/schema.sql
}

@test "closed standard streams do not become files or connections" {
    rev aaa '' "DO \$\$ BEGIN RAISE NOTICE 'said'; END \$\$; CREATE TABLE b (id int);" 'DROP TABLE b;'
    "$CMIG" upgrade head 2>&-
    rows_are aaa
    "$CMIG" downgrade base <&- 2>&-
    rows_are
    status=0
    "$CMIG" current >&- 2>err || status=$?
    "$CMIG" upgrade head >&- <&- 2>&-
    rows_are aaa
    status=0
    "$CMIG" current >&- 2>err || status=$?
    [ $status = 1 ]
    grep 'standard output' err
}

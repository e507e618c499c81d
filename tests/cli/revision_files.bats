#!/usr/bin/env bats
# What a revision file and its header may hold, and what is refused, with file, line and the way out.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# refused TEXT...: the upgrade fails with these texts, and has done nothing.
refused() {
    fails 1 upgrade head
    err_has "$@"
    untouched
}

# Whether the header after `revision: aaa` is refused, by history too.
bad_header() {
    local lines=$1
    { printf -- '-- ---\n-- revision: aaa\n%s\n-- ---\n-- cmig:upgrade\nCREATE TABLE a ();\n' "$lines"; } | file aaa.sql
    fails 1 history
    refused "${@:2}"
}

# ---------------------------------------------------------------- headers

@test "the contract's own example runs" {
    rev 043bdf6fcef1 '' ''
    file 88fb11965e20_add_users_table.sql <<'END'
-- ---
-- revision: 88fb11965e20
-- down_revision: 043bdf6fcef1
-- message: add users table
-- create_date: 2026-11-20 12:00:00+00:00
-- ---

-- cmig:upgrade

CREATE TABLE users (id bigint PRIMARY KEY);

-- cmig:downgrade

DROP TABLE users;
END
    ok upgrade head
    err_has 'upgrade 043bdf6fcef1 -> 88fb11965e20  add users table  ('
    tables_are users
    ok downgrade -1
    tables_are ''
}

@test "a header may stand below comments and empty lines" {
    printf -- '\n-- Copyright somebody\n\n-- ---\n-- revision: aaa\n-- ---\n-- cmig:upgrade\n' | file aaa.sql
    ok history
    out_is '<base> -> aaa (head)'
}

@test "down_revision is none, one id or a list" {
    rev aaa "" ""
    rev bbb "~" ""
    rev ccc null ""
    rev ddd "[]" ""
    rev eee aaa ""
    rev fff "[bbb, ccc]" ""
    file ggg.sql <<'END'
-- ---
-- revision: ggg
-- down_revision:
--   - ddd
--   - eee
-- ---
-- cmig:upgrade
END
    ok --json history
    json_is "(SELECT string_agg(concat(r->>'revision', r->'down_revision'), ' ' ORDER BY r->>'revision') FROM jsonb_array_elements(j) r)" \
        'aaa[] bbb[] ccc[] ddd[] eee["aaa"] fff["bbb", "ccc"] ggg["ddd", "eee"]'
}

@test "every scalar is text: numbers, yes, null and dates are ids" {
    local id before=
    for id in 1234567890 1e10 0x1F 007 yes true null 2026 1_000 5.5; do
        rev "$id" "\"$before\"" ''
        if [ -z "$before" ]; then rev "$id" '' ''; fi
        before=$id
    done
    ok upgrade head
    rows_are 5.5
    log_is 'upgrade 1234567890, upgrade 1e10, upgrade 0x1F, upgrade 007, upgrade yes, upgrade true, upgrade null, upgrade 2026, upgrade 1_000, upgrade 5.5'
}

@test "a quoted null as down_revision is an id" {
    rev aaa '"null"' ''
    refused aaa.sql '"null"' 'no file'
}

@test "no header is an error that shows one" {
    echo 'CREATE TABLE a ();' | file a.sql
    fails 1 history
    refused migrations/versions/a.sql:1:1 'no header' 'hint: ' 'cmig revision'
}

@test "an empty file is an error" {
    : | file a.sql
    refused migrations/versions/a.sql:1 'no header' 'hint: '
}

@test "a header that is not closed is an error with the line" {
    printf -- '-- ---\n-- revision: aaa\n\nCREATE TABLE a ();\n' | file a.sql
    refused a.sql:3 'not closed' 'hint: '
    printf -- '-- ---\n-- revision: aaa\n' | file a.sql
    refused a.sql: 'never closed' 'hint: '
}

@test "a header without revision is an error that shows the line to add" {
    printf -- '-- ---\n-- message: x\n-- ---\n-- cmig:upgrade\n' | file a.sql
    refused a.sql:2 '"revision"' 'hint: '
}

@test "broken YAML is an error with line and column" {
    bad_header '-- message: "not closed' aaa.sql: YAML 'hint: '
    bad_header '-- message: a: b' aaa.sql:3: YAML 'hint: '
    bad_header '-- message: [a' aaa.sql: 'hint: '
    bad_header '-- just words' aaa.sql: 'hint: '
    bad_header $'-- message:\n--\t- tab' aaa.sql: YAML 'hint: '
}

@test "an alias or anchor is an error with line and column" {
    bad_header '-- message: *alias' aaa.sql:3:13 'alias' 'hint: '
    bad_header '-- message: &anchor text' aaa.sql:3:13 'anchor' 'hint: '
}

@test "a tag is an error with line and column" {
    bad_header '-- message: !!str text' aaa.sql:3:13 'tag' 'hint: '
}

@test "a key that is there twice is an error with its line" {
    bad_header $'-- message: one\n-- message: two' aaa.sql:4:4 '"message"' twice 'hint: '
}

@test "an unknown key is an error that names the line and the nearest key" {
    bad_header '-- down_revison: bbb' aaa.sql:3:4 '"down_revison"' '"down_revision"'
    bad_header '-- author: me' aaa.sql:3:4 '"author"' 'hint: ' down_revision
}

@test "a mapping as a value is an error" {
    bad_header '-- message: {a: b}' aaa.sql:3 '"message"' 'hint: '
}

@test "a list where one text belongs is an error" {
    bad_header '-- message: [a, b]' aaa.sql:3:4 '"message"'
    bad_header '-- transaction: [false]' aaa.sql:3:4 '"transaction"'
}

@test "transaction is true or false, and nothing else" {
    bad_header '-- transaction: no' aaa.sql:3:4 '"transaction"' '"no"'
    bad_header '-- transaction:' aaa.sql:3:4 '"transaction"'
}

@test "an id with quotes, spaces or ../ is an error with line and a hint" {
    local id
    for id in '"a b"' "\"a'b\"" "'a\"b'" ../evil a/b 'a@b' 'a:b' 'a+b' 'a-b' '""' '"\u0000"' 'é;' head base heads; do
        printf -- '-- ---\n-- revision: %s\n-- ---\n-- cmig:upgrade\nCREATE TABLE a ();\n' "$id" | file a.sql
        fails 1 history
        refused migrations/versions/a.sql:2 'hint: '
    done
}

@test "an id of 1,000 characters is an error" {
    printf -- '-- ---\n-- revision: %01000d\n-- ---\n-- cmig:upgrade\n' 7 | file a.sql
    refused a.sql:2 1000 'hint: '
}

@test "a branch label that is no name is an error" {
    bad_header '-- branch_labels: "a b"' aaa.sql 'hint: '
    bad_header '-- branch_labels: head' aaa.sql 'hint: '
}

# ---------------------------------------------------------------- files

@test "only names ending in .sql are read, and hidden files are not" {
    chain
    touch migrations/versions/{README,a.sql.bak,a.SQL,.hidden.sql,b.sql~}
    mkdir migrations/versions/__pycache__
    ok upgrade head
    rows_are ccc
}

@test "no revision files at all is no error" {
    ok history
    ok current
    ok upgrade head
    ok downgrade base
    untouched
}

@test "a folder with the name of a revision file is an error" {
    chain
    mkdir migrations/versions/x.sql
    fails 1 history
    refused migrations/versions/x.sql folder 'hint: '
}

@test "a dangling symlink is an error that says what it is" {
    chain
    ln -s nowhere migrations/versions/x.sql
    fails 1 history
    refused migrations/versions/x.sql 'symbolic link' 'hint: '
}

@test "a symlink to a file is read, and one to itself is an error" {
    chain
    mv migrations/versions/ccc.sql elsewhere
    ln -s ../../elsewhere migrations/versions/ccc.sql
    ok upgrade bbb
    ok history
    out_has 'bbb -> ccc'
    ln -s x.sql migrations/versions/x.sql
    fails 1 history
    err_has migrations/versions/x.sql
}

@test "a named pipe with the name of a revision file is an error, not a wait" {
    mkfifo migrations/versions/x.sql
    refused migrations/versions/x.sql 'hint: '
}

@test "a revision file that may not be read is an error with the way out" {
    chain
    chmod 000 migrations/versions/bbb.sql
    cmig_as_nobody history
    same "$status" 1
    err_has migrations/versions/bbb.sql 'Permission denied' 'hint: '
}

@test "a file of 100 MB is read, upgraded and downgraded" {
    {
        header aaa && printf -- '-- cmig:upgrade\nCREATE TABLE a (id int);\n'
        yes '-- a line of a comment that is there to fill the file, and nothing else at all, whatever' | head -c 100000000
        printf '\nINSERT INTO a VALUES (1);\n-- cmig:downgrade\nDROP TABLE a;\n'
    } | file aaa.sql
    ok history
    out_is '<base> -> aaa (head)'
    ok upgrade head
    sql_is 'SELECT id FROM a' 1
    ok downgrade base
    tables_are ''
}

@test "what is not UTF-8 is an error with line and column" {
    { header aaa && printf -- '-- cmig:upgrade\nSELECT \xc3\xa9, \xe9;\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql:5:11 UTF-8 0xE9 'hint: '
}

@test "what is not UTF-8 far down in a long file is an error with line and column" {
    { header aaa && printf -- '-- cmig:upgrade\n' && yes 'SELECT 1;' | head -20000 && printf 'SELECT \xff;\n'; } | file aaa.sql
    refused migrations/versions/aaa.sql:20005:8 UTF-8 0xFF
}

@test "overlong and cut UTF-8, and surrogates, are errors" {
    local bytes
    for bytes in '\xc0\x80' '\xe2\x82' '\xed\xa0\x80' '\xf4\x90\x80\x80' '\xfe'; do
        { header aaa && printf -- "-- cmig:upgrade\nSELECT '$bytes';\n"; } | file aaa.sql
        refused migrations/versions/aaa.sql:5:9 UTF-8
    done
}

@test "a NUL byte is an error with line and column" {
    { header aaa && printf -- "-- cmig:upgrade\nSELECT 1; -- \0\n"; } | file aaa.sql
    refused migrations/versions/aaa.sql:5:14 NUL 'hint: '
    printf -- '-- ---\n-- revision: a\0a\n-- ---\n' | file aaa.sql
    refused migrations/versions/aaa.sql:2:15 NUL
}

@test "a BOM, and CRLF, are nothing special" {
    printf -- '\xef\xbb\xbf-- ---\r\n-- revision: aaa\r\n-- message: hello\r\n-- ---\r\n\r\n-- cmig:upgrade\r\n\r\nCREATE TABLE a (id int);\r\nCOPY a FROM stdin;\r\n1\r\n\\.\r\n-- cmig:downgrade\r\nDROP TABLE a;\r\n' | file aaa.sql
    ok upgrade head
    err_has '<base> -> aaa  hello  ('
    sql_is 'SELECT id FROM a' 1
    ok downgrade base
    tables_are ''
}

@test "a BOM right before the first marker's comment shifts no line" {
    { printf '\xef\xbb\xbf' && header aaa && printf -- '-- cmig:upgrade\nSELECT nope;\n'; } | file aaa.sql
    refused aaa.sql:5:8
}

@test "duplicate ids are an error that names both files" {
    rev aaa '' ''
    cp migrations/versions/aaa.sql migrations/versions/copy.sql
    fails 1 history
    refused migrations/versions/aaa.sql migrations/versions/copy.sql '"aaa"' 'hint: '
}

@test "a branch label that is also an id is an error that names both files" {
    rev aaa '' ''
    rev bbb aaa '' '' 'branch_labels: aaa'
    refused migrations/versions/aaa.sql migrations/versions/bbb.sql '"aaa"' 'hint: '
}

@test "a missing parent is an error that names file, parent and the nearest id" {
    rev aaaa '' ''
    rev bbb aaab ''
    fails 1 history
    refused migrations/versions/bbb.sql '"aaab"' down_revision '"aaaa"'
    rev bbb nothing_like_it ''
    refused migrations/versions/bbb.sql '"nothing_like_it"' 'hint: '
}

@test "a missing dependency is an error that names it" {
    rev aaa '' '' '' 'depends_on: [nope]'
    refused migrations/versions/aaa.sql '"nope"' depends_on 'hint: '
}

@test "a prefix is no down_revision" {
    rev aaa '' ''
    rev bbb aa ''
    refused migrations/versions/bbb.sql '"aa"'
}

@test "a cycle is an error that names the revisions and their files" {
    rev aaa ccc ''
    rev bbb aaa ''
    rev ccc bbb ''
    fails 1 history
    refused aaa bbb ccc migrations/versions/aaa.sql migrations/versions/bbb.sql migrations/versions/ccc.sql circle 'hint: '
}

@test "a cycle through depends_on is an error" {
    rev aaa '' '' '' 'depends_on: bbb'
    rev bbb aaa ''
    refused aaa bbb circle
}

@test "a revision that follows itself is an error" {
    rev aaa aaa ''
    refused migrations/versions/aaa.sql '"aaa"' itself
}

@test "a subfolder that cannot be examined is an error, and is not left out" {
    project 'recursive_version_locations = true'
    mkdir migrations/versions/2026
    printf -- '-- ---\n-- revision: bbb\n-- ---\n' >migrations/versions/2026/b.sql
    chmod 644 migrations/versions
    cmig_as_nobody history
    chmod 755 migrations/versions
    same "$status" 2
    err_has 'migrations/versions/2026' 'Permission denied'
}

@test "a new file is removed if its folder cannot be synced" {
    local program=${TEST_TOOLS%/tools}/faults/cmig
    [ -x "$program" ] || skip 'needs cmig with the injector of faults'
    project
    status=0
    FAULT='fsync 2' "$program" revision -m one 2>errors || status=$?
    same "$status $(ls -A migrations/versions)" '1 '
    has "$(cat errors)" 'cannot write "migrations/versions/' 'Input/output error'
}

#!/usr/bin/env bats
# cmig revision writes the file of a new revision on the current head, whole or not at all.
load helper

setup() {
    fresh_folder
    project
}

# Whether a message comes back out of the file that was written with it.
reads_back() {
    ok revision -m "$1"
    ok --json history
    same "$("$PSQL" -XAtq -v j="$out" -v m="$1" -d postgres <<<"SELECT :'j'::jsonb->0->>'message' = :'m'")" t
}

@test "revision prints the path of the file on stdout, and the next step on stderr" {
    ok revision -m 'add users table'
    [ -f "$out" ]
    files_are migrations/versions "$out "
    err_has 'next: ' 'cmig upgrade head'
}

@test "a new id is 12 hex digits, and another one each time" {
    ok revision -m one
    [[ $out =~ ^migrations/versions/([0-9a-f]{12})_one\.sql$ ]]
    local first=${BASH_REMATCH[1]}
    ok revision -m one
    [[ $out =~ ^migrations/versions/([0-9a-f]{12})_one\.sql$ ]]
    [ "${BASH_REMATCH[1]}" != "$first" ]
}

@test "the first revision follows nothing, the next one the head" {
    ok revision -m one
    local first=$out
    ok revision -m two
    grep -qx -- '-- down_revision:' "$first"
    grep -qx -- "-- down_revision: $(basename "$first" _one.sql)" "$out"
}

@test "the file holds the header and both markers" {
    ok revision -m 'add users table'
    grep -qE -- '^-- revision: [0-9a-f]{12}$' "$out"
    grep -qx -- '-- message: add users table' "$out"
    grep -qE -- '^-- create_date: 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}$' "$out"
    grep -qx -- '-- cmig:upgrade' "$out"
    grep -qx -- '-- cmig:downgrade' "$out"
    same "$(head -1 "$out")" '-- ---'
}

@test "revision needs no database" {
    unset DATABASE_URL
    export PGHOST=/nowhere
    ok revision -m one
}

@test "a slug is lower case, with one _ for whatever is no letter or digit" {
    ok revision -m '  Add Users: the "first"  (of 2)! '
    [[ $out == *_add_users_the_first_of_2.sql ]]
}

@test "a slug keeps letters beyond ASCII and never leaves the folder" {
    ok revision -m '../../évil naïve/etc'
    [[ $out == migrations/versions/*évil_naïve_etc.sql ]]
    ok history
}

@test "a slug is cut at 40 characters, at a word, as Alembic does" {
    ok revision -m 'this is a rather long message about the users table'
    [[ $out == *_this_is_a_rather_long_message_about_the_.sql ]]
}

@test "truncate_slug_length sets where a slug is cut" {
    project 'truncate_slug_length = 10'
    ok revision -m 'add users table'
    [[ $out == *_add_users_.sql ]]
}

@test "without a message the name is the id" {
    ok revision
    [[ $out =~ ^migrations/versions/[0-9a-f]{12}_\.sql$ ]]
    ok history
}

@test "Alembic's file_template with %% works as it stands" {
    project 'file_template = %%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d%%(second).2d_%%(slug)s' 'timezone = UTC'
    local before=$(date -u +%Y%m%d_%H%M%S)
    ok revision -m 'Add users'
    [[ $out =~ ^migrations/versions/(20[0-9]{6}_[0-9]{6})_add_users\.sql$ ]]
    [[ ! ${BASH_REMATCH[1]} < $before && ! ${BASH_REMATCH[1]} > $(date -u +%Y%m%d_%H%M%S) ]]
}

@test "file_template knows rev and epoch too" {
    project 'file_template = %%(epoch)d-%%(rev)s'
    ok revision -m x
    [[ $out =~ ^migrations/versions/1[0-9]{9}-[0-9a-f]{12}\.sql$ ]]
}

@test "file_template may hold a folder, which is made" {
    project 'file_template = %%(year)d/%%(slug)s' 'recursive_version_locations = true'
    ok revision -m one
    [ -f "$out" ]
    [[ $out =~ ^migrations/versions/20[0-9]{2}/one\.sql$ ]]
    ok history
    out_has one
}

@test "an unknown token of file_template is an error of the configuration" {
    project 'file_template = %%(revision)s'
    fails 2 revision -m one
    err_has migrate.ini file_template '%(revision)' 'hint: '
    files_are migrations/versions ''
}

@test "a file_template that leaves the folder is refused" {
    local template
    for template in '../%%(rev)s' '/tmp/%%(rev)s' 'a/../../%%(rev)s' '.%%(rev)s'; do
        project "file_template = $template"
        fails 2 revision -m one
        err_has file_template
    done
    files_are . "./migrate.ini ./migrations ./migrations/versions "
}

@test "timezone is the zone of create_date" {
    project 'timezone = UTC'
    ok revision -m one
    grep -qE -- '^-- create_date: .*\+00:00$' "$out"
}

@test "an unknown timezone is an error of the configuration" {
    project 'timezone = Mars/Olympus'
    fails 2 revision -m one
    err_has Mars/Olympus 'hint: '
    files_are migrations/versions ''
}

@test "a message with quotes, colons and # reads back" {
    reads_back "it's \"new\": a #1 fix, {not} [yaml] & *more* !"
}

@test "a message with backslashes and % reads back" {
    reads_back 'C:\new\table 100%s %(slug)s \'
}

@test "a message with a tab and two lines reads back" {
    reads_back $'one\ttab\n-- cmig:upgrade\nDROP TABLE a;'
}

@test "a message beyond ASCII reads back" {
    reads_back 'añadir 表 🚀'
}

@test "a message that looks like a template's placeholder reads back" {
    reads_back '${revision} ${nothing}'
}

@test "a message that is an option or a fence reads back" {
    reads_back '--- -- ---'
}

@test "a message with spaces around it reads back" {
    reads_back '  spaces  '
}

@test "a message of 2,000 characters reads back" {
    reads_back "$(printf 'word %.0s' {1..400})x"
}


@test "messages that YAML takes for something else read back" {
    local message
    for message in null '~' true no 12 1e10 0x1F 2026-01-01 - '?' '|' '>' '@x' '`x`' '%TAG' 'a: b' "'" '"' '[' '<<'; do
        reads_back "$message"
    done
}

@test "several heads are an error that names both, and no file is written" {
    fork
    fails 1 revision -m join
    err_has bbb ccc 'hint: ' 'cmig merge bbb ccc' '--head'
    files_are migrations/versions 'migrations/versions/aaa.sql migrations/versions/bbb.sql migrations/versions/ccc.sql '
}

@test "revision overwrites no file" {
    project 'file_template = %%(slug)s'
    ok revision -m one
    cp "$out" before
    fails 1 revision -m one
    err_has migrations/versions/one.sql 'File exists'
    cmp migrations/versions/one.sql before
    files_are migrations/versions 'migrations/versions/one.sql '
}

@test "on a full disk no file is left, neither whole nor half" {
    local all
    all=$( (trap '' XFSZ && ulimit -f 0 && exec "$CMIG" revision -m one) 2>&1) && return 1
    has "$all" migrations/versions/ 'error: '
    files_are migrations/versions ''
}

@test "in a folder that may not be written, revision fails and names the path" {
    chmod 555 migrations/versions
    cmig_as_nobody revision -m one
    [ "$status" -eq 1 ]
    err_has migrations/versions/ 'Permission denied'
    files_are migrations/versions ''
}

@test "a revision.sql.in of the project's own is used" {
    printf -- '-- Copyright\n-- ---\n-- revision: ${revision}\n-- down_revision: ${down_revision}\n-- message: ${message}\n-- ---\n-- cmig:upgrade\nSELECT 1;\n' \
        >migrations/revision.sql.in
    ok revision -m one
    same "$(sed -n '1p;8p' "$out")" $'-- Copyright\nSELECT 1;'
    ok history
    out_has one
}

@test "an unknown placeholder in revision.sql.in is named, with its line" {
    printf -- '-- ---\n-- revision: ${revision}\n-- by: ${author}\n-- ---\n' >migrations/revision.sql.in
    fails 2 revision -m one
    err_has migrations/revision.sql.in:3 '${author}' 'hint: '
    files_are migrations/versions ''
}

@test "a revision.sql.in that gives a file nobody can read is refused" {
    local text
    for text in 'SELECT 1;' $'-- ---\n-- revision: fixed\n-- ---' $'-- ---\n-- message: ${message}\n-- ---'; do
        echo "$text" >migrations/revision.sql.in
        fails 2 revision -m one
        err_has migrations/revision.sql.in
    done
    files_are migrations/versions ''
}

@test "without revision.sql.in, cmig's own is used" {
    ok revision -m one
    grep -qx -- '-- cmig:upgrade' "$out"
}

@test "without a versions folder, revision names it and says what to do" {
    rmdir migrations/versions
    fails 2 revision -m one
    err_has migrations/versions 'No such file' 'hint: '
}

@test "revision --json answers the revision as one object" {
    chain
    ok --json revision -m 'add "users"'
    json_is "concat(j->'down_revision', j->>'message', j->>'is_head', j->>'is_base', j->'is_current')" '["ccc"]add "users"truefalsenull'
    json_is "j->>'path' LIKE 'migrations/versions/' || (j->>'revision') || '%.sql'" t
}

@test "revision --quiet still prints the path, and nothing else" {
    ok -q revision -m one
    [ -f "$out" ]
    err_is ''
}

@test "a message in several words without quotes is wrong usage" {
    fails 2 revision -m add users table
    err_has '"users"' quotes
    files_are migrations/versions ''
}

@test "a message that is not UTF-8 is wrong usage" {
    fails 2 revision -m $'caf\xe9'
    err_has UTF-8
    files_are migrations/versions ''
}

@test "-m without a text is wrong usage" {
    fails 2 revision -m
    err_has message
    files_are migrations/versions ''
}

@test "a message that makes the header longer than what is read of it is refused, and no file is left" {
    fails 2 revision -m "$(printf 'x%.0s' {1..70000})"
    err_has '64 KB'
    files_are migrations/versions ''
}

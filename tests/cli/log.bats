#!/usr/bin/env bats
# cmig log shows each step that was run, stamped or failed: when, by whom, from where, and the text of its file.
load helper

setup() {
    fresh_folder
    fresh_database
    project 'build = ${BUILD:-}'
    chain
}

# json EXPRESSION: of the answer, by the server.
json_is() { sql_is "SELECT $(printf "%s" "$1" | sed "s/@/(\$json\$$(sed 's/[&/\\]/\\&/g' "$BATS_TEST_TMPDIR/out" | tr -d '\n')\$json\$::jsonb)/g")" "$2"; }

@test "the log of a database without one is empty, and makes nothing" {
    ok log
    out_is ''
    err_has 'no such rows'
    untouched
    ok --json log
    out_is '[]'
}

@test "applied, reverted and stamped steps are shown, the newest first" {
    ok upgrade bbb
    ok downgrade aaa
    ok stamp ccc
    ok log
    same "$(sed 's/^[^ ]*  //; s/  ([0-9]* ms)$//' <<<"$out")" 'stamp ccc  aaa -> ccc
downgrade bbb  make b
upgrade bbb  make b
upgrade aaa  make a'
    ok log -r aaa
    same "$(wc -l <<<"$out")" 1
    ok log --last 2
    same "$(wc -l <<<"$out")" 2
    out_has 'stamp ccc' 'downgrade bbb'
}

@test "a stamp to base is a row too" {
    ok upgrade head
    ok stamp base
    ok log --last 1
    out_has 'stamp base  ccc -> base'
}

@test "a failed step is a row where there is a log already, and nothing else of it stays" {
    rev ccc bbb 'CREATE TABLE c (); SELECT nope;'
    fails 1 upgrade head
    untouched
    ok upgrade bbb
    fails 1 upgrade head
    ok log --last 1 -v
    out_has 'upgrade ccc' failed 'error: column "nope" does not exist'
    tables_are 'a b'
    rows_are bbb
    log_is 'upgrade aaa, upgrade bbb'
}

@test "-v shows by whom, where, and from which build; --json all, the file as it ran included" {
    BUILD=v42 cmig upgrade aaa
    ok log -v
    out_has "by: $PGUSER" "host: $(uname -n)" 'build: v42' 'checksum: ' 'semantic checksum: ' 'cmig: '
    ok --json log
    json_is '@->0->>$$revision$$' aaa
    json_is '@->0->>$$direction$$' upgrade
    json_is '@->0->>$$build$$' v42
    json_is '@->0->$$error$$' null
    json_is '(@->0->>$$duration_ms$$)::float >= 0' t
    json_is 'abs(extract(epoch FROM now() - (@->0->>$$run_at$$)::timestamptz)) < 60' t
    json_is 'encode(sha256(convert_to(@->0->>$$source$$, $$UTF8$$)), $$hex$$) = (@->0->>$$file_checksum$$)' t
    sql_is 'SELECT source FROM cmig_log' "$(cat migrations/versions/aaa.sql)"
}

@test "the commit of the working tree is recorded, where there is one" {
    command -v git >/dev/null || skip 'no git'
    ok upgrade aaa
    sql_is 'SELECT git_commit IS NULL FROM cmig_log' t
    git init -q -b main .
    git -c user.name=a -c user.email=a@b commit -q --allow-empty -m one
    ok upgrade bbb
    sql_is 'SELECT git_commit FROM cmig_log ORDER BY id DESC LIMIT 1' "$(git rev-parse HEAD)"
    git pack-refs --all
    git worktree add -q other
    cp -r migrate.ini migrations other
    cd other
    git -c user.name=a -c user.email=a@b commit -q --allow-empty -m two
    ok upgrade ccc
    sql_is 'SELECT git_commit FROM cmig_log ORDER BY id DESC LIMIT 1' "$(git rev-parse HEAD)"
    cd ..
    git checkout -q --detach
    ok downgrade bbb
    sql_is 'SELECT git_commit FROM cmig_log ORDER BY id DESC LIMIT 1' "$(git rev-parse HEAD)"
    git checkout -q main
    ok downgrade aaa
    sql_is 'SELECT git_commit FROM cmig_log ORDER BY id DESC LIMIT 1' "$(git rev-parse HEAD)"
}

@test "the semantic checksum is that of the tokens, the checksum that of the bytes" {
    rev aaa '' $'CREATE TABLE a (id int); -- one\nCOPY a FROM stdin;\n1\n\\.\n' 'DROP TABLE a;'
    ok upgrade aaa
    ok downgrade base
    rev aaa '' $'-- another\nCREATE  TABLE a (\n  id int);\nCOPY a /* here */ FROM stdin;\n1\n\\.\n' 'DROP TABLE a;'
    ok upgrade aaa
    ok downgrade base
    rev aaa '' $'CREATE TABLE a (id int);\nCOPY a FROM stdin;\n2\n\\.\n'
    ok upgrade aaa
    sql_is "SELECT count(DISTINCT checksum), count(DISTINCT semantic_checksum) FROM cmig_log WHERE direction = 'upgrade'" '3|2'
}

@test "a file over 1 MB runs and is recorded, but its text is not kept" {
    rev aaa '' "CREATE TABLE a (t text); $(for i in {1..1200}; do printf "INSERT INTO a VALUES ('%01000d');\n" "$i"; done)" 'DROP TABLE a;'
    ok upgrade aaa
    sql_is 'SELECT count(*) FROM a' 1200
    sql_is 'SELECT source IS NULL, length(checksum), length(file_checksum) FROM cmig_log' 't|64|64'
    same "$(sql 'SELECT file_checksum FROM cmig_log')" "$(sha256sum <migrations/versions/aaa.sql | cut -d' ' -f1)"
    ok upgrade head
}

@test "many large files do not wait in memory for the end, and their rows are all there" {
    local id above=''
    rm migrations/versions/*
    for id in a1 a2 a3 a4 a5 a6 a7 a8 a9; do
        rev "$id" "$above" "CREATE TABLE $id (); -- $(printf '%0900000d' 1)" "DROP TABLE $id;"
        above=$id
    done
    ok upgrade head
    sql_is "SELECT count(*), min(length(source)) > 900000 FROM cmig_log WHERE direction = 'upgrade'" '9|t'
    sql_is "SELECT string_agg(revision, ' ' ORDER BY id) FROM cmig_log" 'a1 a2 a3 a4 a5 a6 a7 a8 a9'
}

@test "log_table turned off: nothing is recorded, and log says so" {
    project 'log_table ='
    ok upgrade head
    ok log
    out_is ''
    tables_are 'a b c'
    sql_is "SELECT to_regclass('cmig_log') IS NULL" t
}

@test "a table that is not cmig's has the log's name: the error says so" {
    sql 'CREATE TABLE cmig_log (id int)'
    ok upgrade --sql head
    fails 1 upgrade head
    err_has cmig_log log_table
    fails 1 log
    err_has 'the log table' 'set log_table to another'
}

@test "--last takes a number" {
    fails 2 log --last none
    err_has '"none"' || err_has 'none is not'
}

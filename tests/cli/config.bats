#!/usr/bin/env bats
# migrate.ini, the url, the options of every command, and what wrong usage gives.
load helper

setup() { fresh_folder; }

# ---------------------------------------------------------------- the program

@test "cmig --version prints the version on stdout" {
    ok --version
    [[ $out =~ ^cmig\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    err_is ''
}

@test "cmig --help prints every command on stdout" {
    ok --help
    out_has 'usage: cmig' init revision upgrade downgrade history current
    err_is ''
}

@test "cmig COMMAND --help explains it, without a project" {
    local command
    for command in init revision upgrade downgrade history current; do
        ok $command --help
        out_has "usage: cmig $command" --url
        ok --help $command
        out_has "usage: cmig $command"
    done
}

@test "no line of any --help is wider than 80 columns" {
    local command
    for command in '' init revision upgrade downgrade history current; do
        ok $command --help
        same "$(grep -E '.{81}' <<<"$out")" ''
    done
}

@test "no command is wrong usage" {
    fails 2
    out_is ''
    err_has 'no command' 'cmig --help'
}

@test "an unknown command is wrong usage that names the nearest" {
    fails 2 upgrdae head
    err_has '"upgrdae"' '"upgrade"'
}

@test "an unknown option is wrong usage that names the nearest" {
    fails 2 --jsn history
    err_has --jsn --json
    fails 2 history --jsn
    err_has --jsn --json
    fails 2 -y history
    err_has -y
}

@test "a long option may be cut, unless that makes it ambiguous" {
    project
    ok --js history
    fails 2 --ver history
    err_has --ver
}

@test "a flag with a value, and an option without its value, are wrong usage" {
    fails 2 --json=yes history
    err_has --json
    fails 2 history --url
    err_has --url
}

@test "options stand before or after the command, attached or not" {
    project
    mv migrate.ini other.ini
    ok -c other.ini history
    ok history -c other.ini
    ok history -cother.ini
    ok --config=other.ini history
    ok history --config other.ini -q
}

@test "after -- nothing is an option" {
    project
    fails 2 history -- --json
    err_has '"--json"'
}

# ---------------------------------------------------------------- finding the ini file

@test "without an ini file every command says what to do, and is a configuration error" {
    local command
    for command in 'revision -m x' 'upgrade head' 'downgrade -1' history current; do
        fails 2 $command
        err_has migrate.ini 'No such file' 'cmig init' -c CMIG_CONFIG
    done
    files_are . ''
}

@test "-c names the ini file, and relative folders begin where it is" {
    mkdir -p conf/migrations/versions elsewhere
    printf '[cmig]\nscript_location = migrations\n' >conf/my.ini
    cd elsewhere
    ok -c ../conf/my.ini revision -m one
    same "$out" "$(ls ../conf/migrations/versions/*_one.sql)"
}

@test "CMIG_CONFIG names the ini file, and -c wins over it" {
    project
    mv migrate.ini other.ini
    export CMIG_CONFIG=other.ini
    ok history
    export CMIG_CONFIG=missing.ini
    fails 2 history
    err_has missing.ini
    ok -c other.ini history
}

@test "an empty CMIG_CONFIG is none" {
    project
    export CMIG_CONFIG=
    ok history
}

@test "an ini file that may not be read is named" {
    project
    chmod 000 migrate.ini
    cmig_as_nobody history
    same "$status" 2
    err_has migrate.ini 'Permission denied' 'hint: '
}

@test "an ini file that is a folder is named" {
    mkdir migrate.ini
    fails 2 history
    err_has migrate.ini folder
}

@test "-n names the section, and a missing one is an error" {
    project
    printf '[other]\nscript_location = elsewhere\n' >>migrate.ini
    mkdir -p elsewhere/versions
    ok -n other revision -m one
    [[ $out == elsewhere/versions/* ]]
    fails 2 -n missing history
    err_has migrate.ini '[missing]' 'hint: '
}

@test "an alembic.ini without -n alembic is an error that says so" {
    printf '[alembic]\nscript_location = x\n' >alembic.ini
    fails 2 -c alembic.ini history
    err_has '[cmig]' '-n alembic'
}

# ---------------------------------------------------------------- the ini file's text

@test "an unknown key is a warning that names the line and the nearest key" {
    project 'scirpt_location = x'
    ok history
    err_has 'warning: migrate.ini:4:' '"scirpt_location"' '"script_location"'
}

@test "cmig's keys and Alembic's are known" {
    project 'schema = schema.sql' 'shadow_url = x' 'lock_timeout = 1s' 'statement_timeout = 1s' 'lock_retries = 1' 'log_table = l' \
        'include_schemas = a' 'exclude = b' 'version_locations =' 'path_separator = os' 'recursive_version_locations = false' \
        'file_template = x' 'timezone =' 'truncate_slug_length = 40' 'version_table = v' 'version_table_schema =' \
        'transaction_per_migration = true' 'sqlalchemy.url = x' 'prepend_sys_path = .' '' \
        '[post_write_hooks]' 'hooks = black' 'black.type = exec' '[loggers]' 'keys = root'
    chain
    ok history
    err_is ''
}

@test "a key that is there twice is an error with its line" {
    project 'timezone = UTC' 'timezone = UTC'
    fails 2 history
    err_has migrate.ini:5 '"timezone"' 'hint: '
}

@test "a line that is no key is an error with its number" {
    project 'what is this'
    fails 2 history
    err_has migrate.ini:4 'hint: '
}

@test "a section that is not closed is an error with its line" {
    printf '[cmig\nscript_location = x\n' >migrate.ini
    fails 2 history
    err_has migrate.ini:1
}

@test "an ini file that is not UTF-8 is an error with line and column" {
    printf '[cmig]\nscript_location = caf\xe9\n' >migrate.ini
    fails 2 history
    err_has migrate.ini:2:22 UTF-8
}

@test "an ini file with a NUL byte is an error with line and column" {
    printf '[cmig]\nscript\0_location = x\n' >migrate.ini
    fails 2 history
    err_has migrate.ini:2:7 NUL
}

@test "an ini file with BOM and CRLF is read" {
    project
    { printf '\xef\xbb\xbf' && sed 's/$/\r/' migrate.ini; } >with_bom.ini
    ok -c with_bom.ini revision -m one
    [[ $out == migrations/versions/* ]]
}

@test "an empty ini file is an error" {
    : >migrate.ini
    fails 2 history
    err_has migrate.ini '[cmig]'
}

@test "an ini file without script_location is an error that shows the line to add" {
    printf '[cmig]\nurl = x\n' >migrate.ini
    fails 2 history
    err_has migrate.ini script_location 'hint: '
}

@test "a value of the wrong kind is an error with its line" {
    project 'transaction_per_migration = maybe'
    fails 2 history
    err_has migrate.ini:4 transaction_per_migration '"maybe"'
    project 'truncate_slug_length = long'
    fails 2 history
    err_has migrate.ini:4 truncate_slug_length '"long"'
}

@test "keys of [DEFAULT] are inherited, and keys name each other" {
    mkdir -p base/migrations/versions
    printf '[DEFAULT]\nroot = base\n[cmig]\nscript_location = %%(root)s/migrations\n' >migrate.ini
    ok revision -m one
    [[ $out == base/migrations/versions/* ]]
}

@test "%(here)s is the folder of the ini file" {
    mkdir -p conf/migrations/versions
    printf '[cmig]\nscript_location = %%(here)s/migrations\n' >conf/my.ini
    ok -c conf/my.ini revision -m one
    same "$out" "$PWD/conf/migrations/versions/$(basename "$out")"
}

@test "%(name)s that is nothing is an error with its line" {
    project 'version_table = %(nope)s'
    fails 2 history
    err_has migrate.ini:4 version_table '%(nope)s'
}

@test "keys that name each other in a circle are an error" {
    project 'version_table = %(log_table)s' 'log_table = %(version_table)s'
    fails 2 history
    err_has migrate.ini version_table
}

@test "\${NAME:-default} takes the environment's value or the default" {
    printf '[cmig]\nscript_location = ${WHERE:-migrations}\n' >migrate.ini
    mkdir -p migrations/versions elsewhere/versions
    ok revision -m one
    [[ $out == migrations/* ]]
    WHERE=elsewhere ok revision -m one
    [[ $out == elsewhere/* ]]
}

@test "what a variable holds is taken as it is, % and \$ included" {
    printf '[cmig]\nscript_location = ${WHERE}\n' >migrate.ini
    mkdir -p 'a%(b)s${C}%%/versions'
    WHERE='a%(b)s${C}%%' ok revision -m one
    [[ $out == 'a%(b)s${C}%%/versions/'* ]]
}

@test "a value of 9,000 characters is read whole" {
    local i folders=()
    for i in {1..300}; do folders+=("a_rather_long_name_of_a_folder_$i"); done
    mkdir "${folders[@]}"
    project "version_locations = ${folders[*]}" 'path_separator = space'
    printf -- '-- ---\n-- revision: last\n-- ---\n' >a_rather_long_name_of_a_folder_300/x.sql
    ok history
    out_is '<base> -> last (head)'
}

@test "a value in several lines of together 9,000 characters is read whole" {
    local i folders=()
    for i in {1..300}; do folders+=("a_rather_long_name_of_a_folder_$i"); done
    mkdir "${folders[@]}"
    project 'version_locations =' "${folders[@]/#/    }" 'path_separator = newline'
    printf -- '-- ---\n-- revision: last\n-- ---\n' >a_rather_long_name_of_a_folder_300/x.sql
    ok history
    out_is '<base> -> last (head)'
}

# ---------------------------------------------------------------- folders

@test "a versions folder that is not there is named, with the way out" {
    project
    rmdir migrations/versions
    fails 2 history
    err_has migrations/versions 'No such file' script_location
    fails 2 upgrade head
}

@test "a versions folder that may not be read is named" {
    project
    chmod 000 migrations/versions
    cmig_as_nobody history
    chmod 755 migrations/versions
    same "$status" 2
    err_has migrations/versions 'Permission denied'
}

@test "version_locations are several folders, and a new revision goes to what it follows" {
    project 'version_locations = one:%(here)s/two' 'path_separator = :'
    mkdir one two
    fails 2 revision -m first
    err_has version_locations --version-path one two
    files_are one ''
    printf -- '-- ---\n-- revision: aaa\n-- ---\n' >two/a.sql
    ok revision -m next
    [[ $out == */two/*_next.sql ]]
    ok revision -m elsewhere --version-path one
    [[ $out == one/*_elsewhere.sql ]]
    ok history
    out_has 'aaa -> ' '<base> -> aaa'
}

@test "an unknown path_separator is an error that lists the known ones" {
    project 'path_separator = |' 'version_locations = migrations/versions'
    fails 2 history
    err_has migrate.ini path_separator newline
}

@test "the path separator of ini files that alembic init wrote is taken, comment and all" {
    project 'version_path_separator = os  # Use os.pathsep. Default configuration used for new projects.'
    ok history
    project 'version_path_separator = os  # Use os.pathsep.' 'version_locations = one:two'
    mkdir one two
    ok history
}

@test "recursive_version_locations reads the folders below" {
    project 'recursive_version_locations = true'
    mkdir -p migrations/versions/2026/11
    printf -- '-- ---\n-- revision: aaa\n-- ---\n' >migrations/versions/2026/11/a.sql
    ok history
    out_has aaa
}

@test "without it, the folders below are not read" {
    project
    mkdir -p migrations/versions/2026
    printf -- '-- ---\n-- revision: aaa\n-- ---\n' >migrations/versions/2026/a.sql
    ok history
    out_is ''
}

# ---------------------------------------------------------------- the url

# A project of one revision, and a database.
with_database() {
    fresh_database
    project "$@"
    chain
}

@test "a variable that is not set is an error only when the database is needed, with its line and the way out" {
    project
    chain
    ini 'script_location = migrations' 'url = postgresql://${NO_SUCH_USER}@/db'
    ok history
    fails 2 current
    err_has migrate.ini:3 NO_SUCH_USER 'export NO_SUCH_USER=' ':-'
}

@test "--url wins over the ini file, which wins over DATABASE_URL" {
    with_database
    ini 'script_location = migrations' "url = postgresql:///$DB"
    DATABASE_URL=postgresql:///no_such_database ok current
    ini 'script_location = migrations' 'url = postgresql:///no_such_database'
    ok --url "postgresql:///$DB" current
    fails 1 current
    err_has no_such_database
}

@test "without a url in the ini file, DATABASE_URL is taken" {
    with_database
    ini 'script_location = migrations'
    ok upgrade aaa
    rows_are aaa
}

@test "without any url, libpq's own PGDATABASE and PGSERVICE are taken" {
    with_database
    ini 'script_location = migrations'
    unset DATABASE_URL
    PGDATABASE=$DB ok upgrade aaa
    printf '[mine]\ndbname=%s\n' "$DB" >"$HOME/services"
    PGSERVICEFILE=$HOME/services PGSERVICE=mine ok current
    out_is aaa
}

@test "the url may be keywords" {
    with_database
    ok --url "dbname=$DB application_name='my app'" current
    ok --url " dbname = '$DB' " current
}

@test "postgres:// and SQLAlchemy's drivers are taken, also as sqlalchemy.url" {
    with_database
    ok --url "postgres:///$DB" current
    ok --url "postgresql+psycopg2:///$DB" current
    ini 'script_location = migrations' "sqlalchemy.url = postgresql+asyncpg:///$DB"
    unset DATABASE_URL
    ok upgrade aaa
    rows_are aaa
}

@test "a url of 9,000 characters is read whole" {
    with_database
    ini 'script_location = migrations' "url = postgresql:///no_such?options=-c%20cmig.long%3D$(printf 'x%.0s' {1..9000})&dbname=$DB"
    rev aaa '' "CREATE TABLE a AS SELECT length(current_setting('cmig.long')) AS n;"
    ok upgrade aaa
    sql_is 'SELECT n FROM a' 9000
}

@test "a bad url is a configuration error that shows how to write one, and not what may be a password" {
    project
    chain
    local url
    for url in 'postgresql://u:s3cret@[h/db' 'postgresql://u:s3cret@h/db?nope=1' 'postgresql://u:s3%zzcret@h/db' 's3cret' \
        'mysql://u:s3cret@h/db' 'host=h password=s3cret nope=1' "password='s3cret" 'postgresql://u:p@s3cret@h/db'; do
        fails 2 --url "$url" current
        err_has url 'hint: ' postgresql://
        err_lacks s3cret
    done
}

@test "a server that is away is told, with the way out" {
    project
    chain
    fails 1 --url "postgresql://u:s3cret@/db?host=$PWD/nowhere" upgrade head
    err_has "$PWD/nowhere" 'No such file' 'hint: '
    err_lacks s3cret
}

@test "a port where nothing listens is told" {
    project
    chain
    fails 1 --url 'postgresql://u:s3cret@127.0.0.1:1/db?connect_timeout=5' current
    err_has 127.0.0.1 'refused' 'hint: '
    err_lacks s3cret
}

@test "a database that is not there is told, with the way out" {
    project
    chain
    fails 1 --url postgresql:///no_such_database current
    err_has no_such_database 'createdb' 'hint: '
}

# ---------------------------------------------------------------- passwords

# A role that the server asks for its password, by a rule before all others.
role_with_password() {
    [ -w "$SERVER_RULES" ] || skip 'not the server of tests/with-server.sh'
    fresh_role
    sql "SET password_encryption = 'scram-sha-256'; ALTER ROLE $ROLE PASSWORD '$1'; GRANT ALL ON SCHEMA public TO $ROLE"
    { echo "local all $ROLE scram-sha-256" && grep -v cmig_test_role "$SERVER_RULES"; } >rules
    cat rules >"$SERVER_RULES"
    sql 'SELECT pg_reload_conf()' >/dev/null
    until_asked
}

# The server takes the new rules a moment after it is told to.
until_asked() {
    local i
    for i in {1..200}; do
        if ! "$PSQL" -XAtqw -d "$DB" -U "$ROLE" -c 'SELECT 1' >/dev/null 2>&1; then return; fi
        sleep 0.05
    done
    return 1
}

@test "a wrong password is told, and neither it nor the url is shown" {
    with_database
    role_with_password right
    fails 1 --url "postgresql://$ROLE:wr0ng-s3cret@/$DB" upgrade head
    err_has 'password authentication failed' "$ROLE" 'hint: check the user and the password'
    err_lacks s3cret
    fails 1 -v --url "user=$ROLE password=wr0ng-s3cret dbname=$DB" current
    err_lacks s3cret
    out_is ''
    untouched
}

@test "a missing password is told, with the ways to give one" {
    with_database
    role_with_password right
    fails 1 --url "postgresql://$ROLE@/$DB" current
    err_has 'hint: put the password in ~/.pgpass or PGPASSWORD, or in the url'
}

@test "the password comes from the url, from PGPASSWORD or from .pgpass" {
    with_database
    role_with_password right
    ok --url "postgresql://$ROLE:right@/$DB" current
    PGPASSWORD=right ok --url "postgresql://$ROLE@/$DB" current
    echo "*:*:*:$ROLE:right" >"$HOME/.pgpass"
    chmod 600 "$HOME/.pgpass"
    ok --url "postgresql://$ROLE@/$DB" current
}

@test "% in a password of the ini file needs no doubling" {
    with_database
    role_with_password 'a%b@c d'
    ini 'script_location = migrations' "url = postgresql://$ROLE:a%25b%40c%20d@/$DB"
    ok upgrade aaa
    ini 'script_location = migrations' "url = user=$ROLE dbname=$DB password='a%b@c d'"
    ok current
    out_is aaa
}

@test "% and @ in a password from the environment are taken as they are" {
    with_database
    role_with_password 'a%b'
    ini 'script_location = migrations' 'url = user=${MY_USER} dbname=${MY_DB} password=${MY_PASSWORD}'
    MY_USER=$ROLE MY_DB=$DB MY_PASSWORD='a%b' ok current
}

@test "a password in --url is not in the process title while a revision runs" {
    [ -r /proc/self/cmdline ] || skip 'no /proc'
    with_database
    rev aaa '' "SELECT pg_sleep(60), '$DB';"
    local user
    user=$(sql 'SELECT current_user')
    title_hides "--url=postgresql://$user:s3cret@/$DB"
    title_hides --url "user=$user password=s3cret dbname=$DB"
    title_hides --ur "postgresql://$user:s3cret@/$DB"
}

# Looks at the process title of an upgrade with these options, while its statement runs.
title_hides() {
    local sleeping="SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%pg_sleep(60)%$DB%' AND state = 'active'"
    start "$@" upgrade head
    until_sql "$sleeping" 1
    local title
    title=$(tr '\0' ' ' <"/proc/$PID/cmdline")
    kill -INT "$PID"
    finish
    has "$title" upgrade
    lacks "$title" s3cret
}

@test "a password is in no output, whatever goes well or wrong" {
    with_database
    local user url
    user=$(sql 'SELECT current_user')
    url="postgresql://$user:s3cret@/$DB"
    ini 'script_location = migrations' "url = $url"
    rev ddd ccc 'SELECT nope;'
    cmig -v upgrade head
    lacks "$out$err" s3cret
    cmig -v upgrade ccc
    lacks "$out$err" s3cret
    cmig -v --json current
    lacks "$out$err" s3cret
    cmig -v --json history
    lacks "$out$err" s3cret
    sql_is "SELECT count(*) FROM cmig_log l WHERE l::text LIKE '%s3cret%'" 0
}

# ---------------------------------------------------------------- Alembic's projects

@test "cmig -c alembic.ini -n alembic works on a database that Alembic manages" {
    fresh_database
    mkdir -p alembic/versions
    printf '[alembic]\nscript_location = %%(here)s/alembic\nprepend_sys_path = .\nversion_table = alembic_version\nsqlalchemy.url = postgresql+psycopg2:///%s\n\n[loggers]\nkeys = root\n' "$DB" >alembic.ini
    printf -- '-- ---\n-- revision: 1975ea83b712\n-- ---\n-- cmig:upgrade\n-- cmig:downgrade\n' >alembic/versions/1975ea83b712_a.sql
    printf -- '-- ---\n-- revision: ae1027a6acf\n-- down_revision: 1975ea83b712\n-- ---\n-- cmig:upgrade\nCREATE TABLE b ();\n-- cmig:downgrade\nDROP TABLE b;\n' >alembic/versions/ae1027a6acf_b.sql
    sql "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)"
    sql "INSERT INTO alembic_version VALUES ('1975ea83b712')"
    ok -c alembic.ini -n alembic current
    out_is 1975ea83b712
    err_is ''
    ok -c alembic.ini -n alembic upgrade head
    sql_is 'SELECT * FROM alembic_version' ae1027a6acf
    ok -c alembic.ini -n alembic downgrade -1
    sql_is 'SELECT * FROM alembic_version' 1975ea83b712
    tables_are alembic_version
}

@test "an alembic_version that cmig makes is the table that Alembic makes" {
    fresh_database
    project 'version_table = alembic_version'
    chain
    ok upgrade head
    sql_is "SELECT attname, attnotnull FROM pg_attribute WHERE attrelid = 'alembic_version'::regclass AND attnum > 0" 'version_num|t'
    sql_is "SELECT conname, contype FROM pg_constraint WHERE conrelid = 'alembic_version'::regclass AND $NO_NOT_NULL" 'alembic_version_pkc|p'
}

#!/usr/bin/env bats
# cmig stamp sets the rows of the version table, and runs nothing.
load helper

setup() {
    fresh_folder
    fresh_database
    project
}

# app1 <- app2 <- app3, and net1 <- net2, which depends on app2.
two_lines() {
    rev app1 '' 'CREATE TABLE app1 ();' 'DROP TABLE app1;' 'branch_labels: app'
    rev app2 app1 'CREATE TABLE app2 ();' 'DROP TABLE app2;'
    rev app3 app2 'CREATE TABLE app3 ();' 'DROP TABLE app3;'
    rev net1 '' 'CREATE TABLE net1 ();' 'DROP TABLE net1;' 'branch_labels: net'
    rev net2 net1 'CREATE TABLE net2 ();' 'DROP TABLE net2;' 'depends_on: app2'
}

# set_rows ID...: the rows as they are given, whatever was there.
set_rows() {
    local id
    ok ensure-version
    sql 'DELETE FROM cmig_version'
    for id in "$@"; do sql "INSERT INTO cmig_version VALUES ('$id')"; done
}

# same_by_script START TARGET...: the rows that the online stamp gives now are those that the script gives.
same_by_script() {
    local before after rows="SELECT coalesce(string_agg(version_num, ' ' ORDER BY version_num), '') FROM cmig_version"
    before=$(sql "$rows")
    ok stamp --sql "$1:$2" "${@:3}"
    printf '%s\n' "$out" >script.sql
    ok stamp "${@:2}"
    after=$(sql "$rows")
    # shellcheck disable=SC2086 # words on purpose
    set_rows $before
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    rows_are "$after"
}

@test "stamp writes the row and runs nothing" {
    chain
    ok stamp bbb
    out_is ''
    rows_are bbb
    tables_are ''
    log_is 'stamp bbb'
}

@test "stamp head, then upgrade has nothing to do" {
    chain
    ok stamp head
    rows_are ccc
    ok upgrade head
    tables_are ''
}

@test "stamp goes back too, and runs nothing then either" {
    chain
    ok upgrade head
    ok stamp aaa
    rows_are aaa
    tables_are 'a b c'
    log_is 'upgrade aaa, upgrade bbb, upgrade ccc, stamp aaa'
}

@test "stamp of where the database is already changes nothing" {
    chain
    ok upgrade head
    local row=$(sql 'SELECT xmin FROM cmig_version')
    ok stamp head
    rows_are ccc
    sql_is 'SELECT xmin FROM cmig_version' "$row"
}

@test "rows on the same line give way, all others stay" {
    two_lines
    set_rows app1 net1
    ok stamp app3
    rows_are 'app3 net1'
    ok stamp app@base
    rows_are net1
}

@test "a row that the target depends on gives way to it" {
    two_lines
    set_rows app2 net1
    ok stamp net2
    rows_are net2
}

@test "a stamp of what others depend on takes their rows away" {
    two_lines
    set_rows app3 net2
    ok stamp app2
    rows_are app2
}

@test "a row beside what the target depends on stays" {
    two_lines
    set_rows app3 net1
    ok stamp net2
    rows_are 'app3 net2'
}

@test "stamp heads keeps the branch that is at its head already" {
    rev aaa '' ''
    rev bbb aaa ''
    rev xxx '' ''
    rev yyy xxx ''
    set_rows aaa yyy
    ok stamp heads
    rows_are 'bbb yyy'
}

@test "stamp heads of a fork is one row for each" {
    fork
    ok stamp heads
    rows_are 'bbb ccc'
}

@test "stamp takes several targets" {
    two_lines
    ok stamp app3 net1
    rows_are 'app3 net1'
    ok stamp app1 net@base
    rows_are app1
}

@test "stamp of several targets of which one stands on another is refused, and names both" {
    two_lines
    set_rows net1
    fails 1 stamp app1 app3
    err_has app1 app3
    fails 1 stamp app2 net2
    err_has app2 net2
    rows_are net1
}

@test "stamp base empties the table" {
    two_lines
    ok stamp heads
    ok stamp base
    rows_are ''
}

@test "stamp LABEL@base takes away the rows of that branch" {
    two_lines
    set_rows app3 net1
    ok stamp net@base
    rows_are app3
}

@test "stamp of a merge replaces the rows of all its sides" {
    fork
    rev ddd '[bbb, ccc]' ''
    ok stamp heads
    rows_are ddd
    ok stamp bbb ccc
    rows_are 'bbb ccc'
    ok stamp ddd
    rows_are ddd
}

@test "stamp takes LABEL@head and the start of an id" {
    two_lines
    ok stamp net@head
    rows_are net2
    rev zebra '' ''
    ok stamp zeb
    rows_are 'net2 zebra'
}

@test "stamp +1 and -1 count from the row" {
    chain
    ok stamp +1
    rows_are aaa
    ok stamp +2
    rows_are ccc
    ok stamp -1
    rows_are bbb
    ok stamp -2
    rows_are ''
}

@test "stamp LABEL@+1 and LABEL@-1 count along that branch" {
    two_lines
    set_rows app2 net1
    ok stamp app@+1
    rows_are 'app3 net1'
    ok stamp app@-2
    rows_are 'app1 net1'
}

@test "stamp ID+1 and ID-1 count from there" {
    chain
    ok stamp aaa+1
    rows_are bbb
    ok stamp ccc-2
    rows_are aaa
}

@test "stamp +9 goes too far, and changes nothing" {
    chain
    ok stamp aaa
    fails 1 stamp +9
    err_has '"+9"' 2
    rows_are aaa
}

@test "stamp +1 with several rows names them and changes nothing" {
    two_lines
    set_rows app1 net1
    fails 1 stamp +1
    err_has app1 net1
    rows_are 'app1 net1'
}

@test "stamp head with several heads names them" {
    fork
    fails 1 stamp head
    err_has bbb ccc heads
    untouched
}

@test "stamp of an unknown revision changes nothing" {
    chain
    fails 1 stamp zzz
    err_has '"zzz"'
    untouched
}

@test "an unknown row stops a stamp, and the error names --purge" {
    chain
    set_rows gone
    fails 1 stamp head
    err_has gone --purge
    rows_are gone
}

@test "stamp --purge empties the table first, whatever it holds" {
    two_lines
    set_rows gone app1 net1
    ok stamp --purge app3
    rows_are app3
    tables_are ''
}

@test "stamp --purge base leaves an empty table" {
    chain
    set_rows gone
    ok stamp --purge base
    rows_are ''
}

@test "stamp --purge of an unknown revision purges nothing" {
    chain
    set_rows aaa
    fails 1 stamp --purge zzz
    rows_are aaa
}

@test "stamp --sql needs no server and touches none" {
    chain
    PGHOST=/nowhere ok stamp --sql head
    out_has ccc
    untouched
}

@test "stamp --sql gives the rows that stamp gives" {
    two_lines
    ok stamp --sql heads
    printf '%s\n' "$out" >script.sql
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    rows_are 'app3 net2'
    tables_are ''
}

@test "stamp --sql START:END gives the rows that stamp gives on START" {
    two_lines
    set_rows app1
    same_by_script app1 app3
    same_by_script app3 net@head
    same_by_script current app1
    same_by_script current app3 net1
    same_by_script current net@base
    same_by_script current app@-1
    same_by_script current heads
    same_by_script current base
}

@test "stamp --sql of an id beyond ASCII gives it whatever the encoding of the client" {
    rev 'é' '' ''
    ok stamp --sql 'é'
    printf '%s\n' "$out" >script.sql
    PGCLIENTENCODING=LATIN1 "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    rows_are 'é'
}

@test "stamp --sql START:END on another state refuses to run" {
    chain
    ok stamp --sql aaa:ccc
    printf '%s\n' "$out" >script.sql
    ok stamp bbb
    status=0
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql >answer 2>&1 || status=$?
    [ "$status" -ne 0 ]
    has "$(cat answer)" aaa bbb
    rows_are bbb
}

@test "stamp --sql --purge runs on any state" {
    chain
    ok stamp --purge --sql bbb
    printf '%s\n' "$out" >script.sql
    set_rows gone
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    rows_are bbb
}

@test "stamp --sql with two different STARTs is refused, and prints nothing" {
    two_lines
    fails 1 stamp --sql app1:app3 net1:net2
    out_is ''
    err_has START:END
}

@test "stamp START:END without --sql is refused" {
    chain
    fails 1 stamp aaa:bbb
    err_has aaa:bbb
    untouched
}

@test "stamp without a target is wrong usage" {
    chain
    fails 2 stamp
    err_has TARGET
}

@test "stamp puts right rows of which one stands on the other" {
    chain
    set_rows aaa ccc
    ok stamp ccc
    rows_are ccc
}

@test "stamp --purge takes no target that counts from the rows it throws away" {
    chain
    ok upgrade bbb
    local target
    for target in current +1 -1 current+1; do
        fails 1 stamp --purge "$target"
        err_has purge 'hint: '
        rows_are bbb
    done
}

@test "stamp --purge --sql gives the rows of the targets, whatever START is" {
    fork
    ok upgrade bbb
    "$CMIG" stamp --purge --sql bbb:heads >script.sql
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
    rows_are 'bbb ccc'
}

@test "stamp tells all rows, before and after" {
    fork
    ok upgrade bbb
    ok stamp heads
    err_has 'stamp bbb -> bbb, ccc'
}

@test "a stamp that fails tells the state" {
    chain
    ok upgrade aaa
    sql "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'; CREATE TRIGGER no BEFORE INSERT ON cmig_version EXECUTE FUNCTION no()"
    fails 1 stamp bbb
    err_has 'state: nothing was changed'
    rows_are aaa
}

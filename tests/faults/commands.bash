# The commands that are tested, and the projects and databases that they find.

declare -A WORDS PROJECT DATABASE EXPECTED PARTS CREATES
ALL_COMMANDS=''

# tested NAME PROJECT DATABASE WORDS [STATUS]
tested() {
    ALL_COMMANDS+=" $1"
    PROJECT[$1]=$2 DATABASE[$1]=$3 WORDS[$1]=$4 EXPECTED[$1]=${5:-0}
}

tested init nothing none 'init migrations'
tested revision line none 'revision -m "add x" --rev-id r5'
tested merge fork none 'merge heads -m join --rev-id r5'
tested edit line none 'edit r2'
tested history line none 'history -v'
tested heads fork none 'heads'
tested branches fork none 'branches'
tested show line none 'show r2'
tested list_templates line none 'list-templates'
tested completion line none 'completion bash'
tested config broken none 'heads' 2
tested upgrade line empty 'upgrade head'
tested upgrade_each each empty 'upgrade head'
tested upgrade_dump dump empty 'upgrade r2'
tested upgrade_json line empty '--json upgrade r2'
tested upgrade_sql line none 'upgrade --sql head'
tested downgrade line full 'downgrade base'
tested downgrade_sql line none 'downgrade --sql r4:base'
tested ensure_version line empty 'ensure-version'
tested stamp line empty 'stamp r2'
tested stamp_purge line full 'stamp --purge r1'
tested stamp_sql line none 'stamp --sql r2'
tested current line full 'current -v'
tested status line half 'status'
tested log line full 'log'
tested dump line full 'dump'
tested dump_to line full 'dump --to dumped.sql'
tested diff line half 'diff'
tested check line full 'check'
tested check_no line half 'check' 3
tested drift line full 'drift'
tested autogenerate more full 'revision --autogenerate -m auto --rev-id r5'
tested wrong wrong empty 'upgrade head' 1

# Commands that may be done in part: what is left is a state in between.
PARTS=([upgrade]=yes [upgrade_each]=yes [downgrade]=yes)

# Commands that create a file, which is named by their message or that of the next run if it is there.
CREATES=([init]=migrations [revision]=r5_add_x.sql [merge]=r5_join.sql [autogenerate]=r5_auto.sql)

# revision ID DOWN UPGRADE DOWNGRADE [HEADER]
revision() {
    printf -- '-- ---\n-- revision: %s\n-- down_revision: %s\n-- message: make %s\n%s-- ---\n\n-- cmig:upgrade\n\n%s\n\n-- cmig:downgrade\n\n%s\n' \
        "$1" "$2" "$1" "${5:-}" "$3" "$4" >"migrations/versions/$1.sql"
}

line() {
    mkdir -p migrations/versions
    printf '[cmig]\nscript_location = migrations\nurl = ${DATABASE_URL}\nschema = schema.sql\n%s\n' "${1:-}" >migrate.ini
    revision r1 '' 'CREATE TABLE t1 (id int PRIMARY KEY, v text);
INSERT INTO t1 SELECT i, i::text FROM generate_series(1, 10) i;' 'DROP TABLE t1;'
    revision r2 r1 'CREATE TABLE t2 (id int PRIMARY KEY, v text);
COPY t2 FROM stdin;
1	one
2	two
\.' 'DROP TABLE t2;'
    revision r3 r2 'CREATE TABLE t3 AS TABLE t2;
CREATE INDEX CONCURRENTLY t3_v ON t3 (v);' 'DROP INDEX CONCURRENTLY t3_v;
DROP TABLE t3;' '-- transaction: false
'
    revision r4 r3 'CREATE TABLE t4 (id int REFERENCES t1, v text);
INSERT INTO t4 SELECT * FROM t1;' 'DROP TABLE t4;'
    cat >schema.sql <<-SQL
	CREATE TABLE t1 (id int PRIMARY KEY, v text);
	CREATE TABLE t2 (id int PRIMARY KEY, v text);
	CREATE TABLE t3 (id int, v text);
	CREATE INDEX t3_v ON t3 (v);
	CREATE TABLE t4 (id int REFERENCES t1, v text);
	SQL
}

# Four revisions in a line; the same with each in a transaction of its own, and with a file of the schema; two heads; an
# ini file with an error, and a revision with one.
make_projects() {
    local name
    for name in nothing line more each dump fork broken wrong; do
        mkdir "$WORK/pristine/$name"
        cd "$WORK/pristine/$name" || return
        case $name in
        nothing) continue ;;
        each) line 'transaction_per_migration = true' ;;
        dump) line 'schema_dump = dumped.sql' && echo old >dumped.sql ;;
        *) line ;;
        esac
        case $name in
        more) echo 'CREATE TABLE t5 (id int);' >>schema.sql ;;
        fork)
            rm migrations/versions/r4.sql
            revision r4 r2 'CREATE TABLE t4 ();' 'DROP TABLE t4;' ;;
        broken) echo '[cmig' >>migrate.ini ;;
        wrong) revision r2 r1 'CREATE TABLE t2 (id nothing);' '' ;;
        esac
    done
}

make_fixtures() {
    make_projects || return
    cd "$WORK/pristine/line" || return
    for name in empty half full; do sql postgres "CREATE DATABASE fault_$name"; done
    env DATABASE_URL="postgresql:///fault_half" "$CMIG" -q upgrade r2 &&
        env DATABASE_URL="postgresql:///fault_full" "$CMIG" -q upgrade head
}

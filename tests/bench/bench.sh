#!/bin/sh
# cmig against the server's own psql and against the least work there is, as ratios in one run; lower is better.
#
# psql runs the same SQL in one transaction; fsync is on. RUNS sets how often each is measured.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
: "${CMIG:?}" "${TOOLS:?}"
if [ -z "${CMIG_BENCH:-}" ]; then
    CMIG_BENCH=1 PG_FSYNC=on
    export CMIG_BENCH PG_FSYNC
    exec "$here/../with-server.sh" "$here/bench.sh"
fi
runs=${RUNS:-5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
database="postgresql://postgres@/bench?host=$PGHOST"
reset="$CMIG_PSQL -qX -c 'DROP DATABASE IF EXISTS bench' -c 'CREATE DATABASE bench' 2>/dev/null"
measure() { "$TOOLS/measure" "$@"; }
new_project() {
    mkdir -p "$1/migrations/versions"
    printf '[cmig]\nscript_location = migrations\nurl = %s\n' "$database" >"$1/migrate.ini"
}

# chain FOLDER N: N small revisions (CREATE TABLE, ADD COLUMN, CREATE INDEX over N/10 tables), and their SQL alone.
chain() {
    new_project "$1"
    awk -v n="$2" -v out="$1" 'BEGIN {
        for (i = 0; i < n; i++) {
            t = int(i / 10); k = i % 10
            if (k == 0) { up = "CREATE TABLE t" t " (id bigint PRIMARY KEY, c0 int);"; down = "DROP TABLE t" t ";" }
            else if (k == 9) { up = "CREATE INDEX i" t " ON t" t " (c0);"; down = "DROP INDEX i" t ";" }
            else { up = "ALTER TABLE t" t " ADD COLUMN c" k " int;"; down = "ALTER TABLE t" t " DROP COLUMN c" k ";" }
            file = sprintf("%s/migrations/versions/%06d_r.sql", out, i)
            printf "-- ---\n-- revision: r%06d\n-- down_revision: %s\n-- message: step %d\n-- create_date: 2026-01-01 12:00:00+00:00\n-- ---\n\n-- cmig:upgrade\n\n%s\n\n-- cmig:downgrade\n\n%s\n", i, i ? sprintf("r%06d", i - 1) : "", i, up, down > file
            close(file)
            print up > (out "/up.sql")
            undo[i] = down
        }
        for (i = n - 1; i >= 0; i--) print undo[i] > (out "/down.sql")
    }'
}

echo "upgrade of 1,000 small revisions"
chain small 1000
measure "$runs" "cmig upgrade head" "$CMIG -q -c $folder/small/migrate.ini upgrade head" \
    "psql -1 -q -f" "$CMIG_PSQL -X -1 -q -v ON_ERROR_STOP=1 -f small/up.sql '$database'" "$reset"

echo "no-op upgrade of 1,000 revisions, against psql asking for the rows"
eval "$reset"
"$CMIG" -q -c small/migrate.ini upgrade head
measure "$runs" "cmig upgrade head" "$CMIG -q -c $folder/small/migrate.ini upgrade head" \
    "psql -c" "$CMIG_PSQL -X -q -c 'TABLE cmig_version' '$database'"

echo "the same, against a program that only connects while it reads the files, and asks for the rows"
measure 15 "cmig upgrade head" "$CMIG -q -c $folder/small/migrate.ini upgrade head" \
    "floor noop" "$TOOLS/floor noop '$database' $folder/small/migrations/versions"

{ cat small/migrate.ini; echo 'transaction_per_migration = true'; } >small/each.ini
echo "1,000 small revisions, a transaction each, against a program that sends each as one message"
measure "$runs" "cmig upgrade head" "$CMIG -q -c $folder/small/each.ini upgrade head" \
    "floor each" "$TOOLS/floor each '$database' small/up.sql" "$reset"

echo "downgrade of 5,000 to base"
chain deep 5000
forward="$reset && $CMIG -q -c $folder/deep/migrate.ini upgrade head"
measure 3 "cmig downgrade base" "$CMIG -q -c $folder/deep/migrate.ini downgrade base" \
    "psql -1 -q -f" "$CMIG_PSQL -X -1 -q -v ON_ERROR_STOP=1 -f deep/down.sql '$database'" "$forward"

echo "one revision of 64 MB of INSERTs, 100,000 statements"
new_project large
awk 'BEGIN {
    for (pad = ""; length(pad) < 620;) pad = pad "abcdefghijklmnopqrst"
    print "CREATE TABLE big (id int, v text);"
    for (i = 0; i < 100000; i++) printf "INSERT INTO big VALUES (%d, \x27%s\x27);\n", i, substr(pad, 1, 620)
}' >large/up.sql
{ printf -- '-- ---\n-- revision: big\n-- down_revision:\n-- ---\n\n-- cmig:upgrade\n\n'; cat large/up.sql
  printf -- '\n-- cmig:downgrade\n\nDROP TABLE big;\n'; } >large/migrations/versions/big.sql
ls -l large/up.sql | awk '{printf "  the file has %d kB\n", $5 / 1024}'
measure 3 "cmig upgrade head" "$CMIG -q -c $folder/large/migrate.ini upgrade head" \
    "psql -1 -q -f" "$CMIG_PSQL -X -1 -q -v ON_ERROR_STOP=1 -f large/up.sql '$database'" "$reset"

echo "history of 10,000 files, against opening, reading and closing them"
chain many 10000
measure "$runs" "cmig history" "$CMIG -c $folder/many/migrate.ini history" \
    "open, read, close" "$TOOLS/readall $folder/many/migrations/versions"

# branched FOLDER N: N revisions, with a branch and its merge in every fifty.
branched() {
    new_project "$1"
    printf 'version_table = rows_of_%s\nlog_table =\n' "$2" >>"$1/migrate.ini"
    awk -v n="$2" -v out="$1" 'BEGIN {
        for (i = 0; i < n; i++) {
            down = i ? sprintf("r%06d", i - 1) : ""
            if (i % 50 == 10) down = sprintf("r%06d", i - 6)                       # a branch ...
            if (i % 50 == 20) down = sprintf("[r%06d, r%06d]", i - 1, i - 11)      # ... and its merge
            file = sprintf("%s/migrations/versions/%06d_r.sql", out, i)
            printf "-- ---\n-- revision: r%06d\n-- down_revision: %s\n-- message: step %d\n-- ---\n\n-- cmig:upgrade\n\nSELECT %d;\n", i, down, i, i > file
            close(file)
        }
    }'
}

echo "10,000 files with branches and merges, against opening, reading and closing them"
branched branched10000 10000
for command in heads history "upgrade --sql heads"; do
    measure "$runs" "cmig $command" "$CMIG -c $folder/branched10000/migrate.ini $command" \
        "open, read, close" "$TOOLS/readall $folder/branched10000/migrations/versions"
done

echo "10,000 such files against 1,000: 13.3 is n log n"
branched branched1000 1000
eval "$reset"
"$CMIG" -q -c branched1000/migrate.ini stamp heads
"$CMIG" -q -c branched10000/migrate.ini stamp heads
for command in heads history "upgrade --sql heads" "upgrade heads"; do
    measure "$runs" "cmig $command of 10,000" "$CMIG -c $folder/branched10000/migrate.ini $command" \
        "cmig $command of 1,000" "$CMIG -c $folder/branched1000/migrate.ini $command"
done

echo "100,000 such files, against opening, reading and closing them"
branched branched100000 100000
for command in heads history; do
    measure 3 "cmig $command" "$CMIG -c $folder/branched100000/migrate.ini $command" \
        "open, read, close" "$TOOLS/readall $folder/branched100000/migrations/versions"
done

# wide N: a database of N tables with ten columns and two indexes each.
wide() {
    eval "$reset"
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) {
        printf "CREATE TABLE t%d (id bigint PRIMARY KEY, a int NOT NULL, b text DEFAULT \047x\047, c numeric(10,2), ", i
        printf "d timestamptz DEFAULT now(), e jsonb, f boolean DEFAULT false, g uuid, h date, i varchar(20));\n"
        printf "CREATE INDEX ON t%d (a);\n", i } }' | "$CMIG_PSQL" -qX -d "$database"
}

# The catalog is read once for each side; nothing differs, so nothing has to be tried.
echo "a diff of 5,000 tables with themselves, which reads the catalog twice, against pg_dump reading it once"
wide 5000
measure 3 "cmig diff" "$CMIG -c $folder/small/migrate.ini diff --from database --to database" \
    "pg_dump --schema-only" "$(dirname "$CMIG_PSQL")/pg_dump --schema-only -d '$database'"

#!/bin/sh
# How long the revisions of --online keep a table locked that others read and write, for each kind of change.
#
# ROWS sets the size of the table, KINDS which changes run, WAY=plain runs plans without --online to compare.
# The first line is without a change: what the machine itself takes for a query at its slowest.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
: "${CMIG:?}" "${TOOLS:?}"
if [ -z "${CMIG_BENCH:-}" ]; then
    CMIG_BENCH=1
    export CMIG_BENCH
    exec "$here/../with-server.sh" "$here/online.sh"
fi
rows=${ROWS:-100000}
way=--online
[ "${WAY:-online}" = online ] || way=
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
psql() { "$CMIG_PSQL" -qX -v ON_ERROR_STOP=1 "$@"; }

start='CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, code int, ref int, v text);
CREATE INDEX t_code ON t (code);'
psql -c 'CREATE DATABASE start'
psql -d start -c "$start" -c 'INSERT INTO r SELECT generate_series(1, 1000)' -c "
    INSERT INTO t SELECT i, i, i, 1 + i % 1000, repeat('x', 100) FROM generate_series(1, $rows) i" -c 'VACUUM ANALYZE'

# Each kind: the statements that the schema source has in addition. ALTER and DROP are as good there as CREATE.
kind() {
    case $1 in
    none) ;;
    type) echo 'ALTER TABLE t ALTER COLUMN n TYPE bigint;' ;;
    not-null) echo 'ALTER TABLE t ALTER COLUMN v SET NOT NULL;' ;;
    check) echo 'ALTER TABLE t ADD CHECK (code > 0);' ;;
    foreign-key) echo 'ALTER TABLE t ADD FOREIGN KEY (ref) REFERENCES r;' ;;
    index) echo 'CREATE INDEX t_v ON t (v);' ;;
    index-unique) echo 'DROP INDEX t_code; CREATE UNIQUE INDEX t_code ON t (code);' ;;
    unique) echo 'ALTER TABLE t ADD UNIQUE (code);' ;;
    volatile) echo 'ALTER TABLE t ADD COLUMN u uuid NOT NULL DEFAULT gen_random_uuid();' ;;
    generated) echo 'ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (code + 1) STORED;' ;;
    matview) echo 'CREATE MATERIALIZED VIEW m AS SELECT ref, count(*), max(v) FROM t GROUP BY ref;' ;;
    *) echo "online.sh: unknown kind \"$1\"" >&2; exit 2 ;;
    esac
}

# A database like that of start, and the revisions that lead on from there.
prepare() {
    psql -c "DROP DATABASE IF EXISTS work" 2>/dev/null -c "CREATE DATABASE work TEMPLATE start"
    rm -rf project
    mkdir -p project/migrations/versions
    printf '[cmig]\nscript_location = migrations\nschema = schema.sql\nurl = %s\n' "$database" >project/migrate.ini
    { echo "$start"; kind "$1"; } >project/schema.sql
    { printf -- '-- ---\n-- revision: start\n-- down_revision:\n-- ---\n\n-- cmig:upgrade\n\n'; echo "$start"; } \
        >project/migrations/versions/start.sql
    $cmig stamp head
    [ "$1" = none ] || $cmig revision --autogenerate $way -m "$1" >/dev/null
}

database="postgresql://postgres@/work?host=$PGHOST"
cmig="$CMIG -q -c $folder/project/migrate.ini"
failed=0
echo "$rows rows; ${WAY:-online} plans beside two readers and two writers"
printf '%-14s %11s %11s %11s %10s %9s  %s\n' change 'lock held' 'slowest' 'slowest' took queries lock
printf '%-14s %11s %11s %11s\n' '' '' read write
for kind in ${KINDS:-none type not-null check foreign-key index index-unique unique volatile generated matview}; do
    prepare "$kind"
    command="$cmig upgrade head"
    [ "$kind" != none ] || command='sleep 3'
    printf '%-14s ' "$kind"
    "$TOOLS/online" "$database" t "$rows" "$command" || failed=1
done
exit $failed

# The project of twelve revisions that is upgraded all the time, and what its database has to look like.

REVISIONS=12

# What CREATE INDEX CONCURRENTLY needs; two of them stand side by side, and one is the last.
ALONE_REVISIONS='04 07 08 12'
is_alone() { [[ " $ALONE_REVISIONS " == *" $1 "* ]]; }

# Each revision makes a table of its number, works for a few milliseconds, and says in the table ran that it did.
make_project() {
    local i number below='' table=00
    mkdir -p "$1/migrations/versions"
    for i in $(seq "$REVISIONS"); do
        number=$(printf '%02d' "$i")
        is_alone "$number" || table=$number
        {
            printf -- '-- ---\n-- revision: r%s\n-- down_revision: %s\n' "$number" "$below"
            if is_alone "$number" && [ "$ALONE" = yes ]; then printf -- '-- transaction: false\n'; fi
            printf -- '-- ---\n\n-- cmig:upgrade\n\n'
            if is_alone "$number"; then alone_block "$number" "$table"; else block "$number"; fi
        } >"$1/migrations/versions/r$number.sql"
        below=r$number
    done
    for mode in false true; do
        printf '[cmig]\nscript_location = migrations\nurl = ${DATABASE_URL}\ntransaction_per_migration = %s\n' \
            "$mode" >"$1/$mode.ini"
    done
}

block() {
    [ "$1" != 01 ] || echo 'CREATE TABLE ran (revision text NOT NULL);'
    cat <<-SQL
	CREATE TABLE t$1 (id int PRIMARY KEY, v text NOT NULL);
	INSERT INTO t$1 SELECT i, md5(i::text) FROM generate_series(1, 3000) i;
	CREATE INDEX t$1_v ON t$1 (v);
	INSERT INTO ran VALUES ('r$1');
	SQL
}

# alone_block NUMBER TABLE: indexes on the table of an earlier revision, with other statements between.
alone_block() {
    local concurrently=CONCURRENTLY
    [ "$ALONE" = yes ] || concurrently=
    cat <<-SQL
	CREATE INDEX $concurrently t$2_by_r$1 ON t$2 (v, id);
	CREATE TABLE t$1 (id int PRIMARY KEY, v text NOT NULL);
	INSERT INTO ran VALUES ('r$1');
	CREATE UNIQUE INDEX $concurrently t$2_unique_r$1 ON t$2 (id, v);
	SQL
}

# ---------------------------------------------------------------- what is in the database

# Version rows, log, tables and what ran, of one moment: it may be asked for while a run is on.
STATE="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT to_regclass('cmig_version') IS NOT NULL AND to_regclass('cmig_log') IS NOT NULL AS made,
       to_regclass('ran') IS NOT NULL AS begun \\gset
\\if :made
SELECT 'row ' || version_num FROM cmig_version ORDER BY 1;
SELECT 'log ' || direction || ' ' || revision FROM cmig_log ORDER BY id;
\\endif
\\if :begun
SELECT 'ran ' || revision FROM ran ORDER BY 1;
\\endif
SELECT 'table ' || relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^t[0-9]+\$' ORDER BY 1;
COMMIT;"

# Everything that CREATE and ALTER leave, as text, for a comparison with an undisturbed run.
SCHEMA="SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.reloptions, c.relowner::regrole
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid >= 16384 AND n.nspname !~ '^pg_' ORDER BY 1, 2;
SELECT attrelid::regclass::text, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
       pg_get_expr(adbin, adrelid)
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE attrelid >= 16384 AND attrelid::regclass::text !~ '^pg_' AND attnum > 0 ORDER BY 1, 2;
SELECT conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE oid >= 16384 ORDER BY 1, 2;
SELECT pg_get_indexdef(indexrelid), indisvalid, indisready, indislive FROM pg_index WHERE indexrelid >= 16384
   AND indrelid::regclass::text !~ '^pg_' ORDER BY 1;
SELECT proname FROM pg_proc WHERE oid >= 16384 ORDER BY 1;
SELECT typname, typtype FROM pg_type WHERE oid >= 16384 AND typnamespace <> 'pg_toast'::regnamespace ORDER BY 1;"

# disagreements FILE [TIMES]: what in a state does not fit together, one line each. A revision outside a transaction
# that is next may have left a part; TIMES = once says that it cannot have run twice either.
disagreements() {
    local alone=
    [ "$ALONE" != yes ] || alone=$ALONE_REVISIONS
    awk -v revisions="$REVISIONS" -v alone=" $alone " -v times="${2:-}" '
        $1 == "row" { rows++; applied = substr($2, 2) + 0 }
        $1 == "log" { if ($2 != "upgrade") print "the log has: " $0; logged[substr($3, 2)]++; order = order " " $3 }
        $1 == "ran" { ran[substr($2, 2)]++ }
        $1 == "table" { made[substr($2, 2)]++ }
        END {
            applied += 0
            if (rows > 1) print "the version table has " rows " rows"
            for (i = 1; i <= applied; i++) expected = expected sprintf(" r%02d", i)
            if (order != expected) print "the version row says r" applied ", but the log has:" order
            for (i = 1; i <= revisions; i++) {
                number = sprintf("%02d", i); done = i <= applied
                is_alone = index(alone, " " number " "); next_alone = is_alone && i == applied + 1
                if (made[number] + 0 != done && !next_alone)
                    print "the version row says r" applied ", but t" number (done ? " is not there" : " is there")
                if (ran[number] + 0 != done && !next_alone && !(done && is_alone && times != "once" && ran[number] > 0))
                    print "the version row says r" applied ", but r" number " ran " ran[number] + 0 " times"
            }
        }' "$1"
}

# The revision that a state is at.
state_row() { awk '$1 == "row" { row = $2 } END { print row ? row : "base" }' "$1"; }

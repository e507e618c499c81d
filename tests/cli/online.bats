#!/usr/bin/env bats
# revision --autogenerate --online: revisions that do not keep tables in use locked while they are read.
load helper
load online

setup() { source_project; }

@test "an index is built and dropped CONCURRENTLY, outside a transaction" {
    there_is 'CREATE TABLE t (a int, b text);' 'CREATE INDEX gone ON t (a);' 'CREATE INDEX other ON t (a);'
    schema 'CREATE TABLE t (a int, b text);' 'CREATE UNIQUE INDEX made ON t (lower(b)) WHERE a > 0;' 'CREATE INDEX other ON t (b);' \
        "COMMENT ON INDEX other IS 'x';"
    generate 1
    has "${texts[0]}" '-- revision: first' '-- transaction: false' 'CREATE UNIQUE INDEX CONCURRENTLY made ON public.t' \
        'DROP INDEX CONCURRENTLY public.gone;' 'COMMENT ON INDEX' 'DROP INDEX CONCURRENTLY public.made;' \
        'CREATE INDEX CONCURRENTLY gone ON'
    lacks "${texts[0]}" '(indexes)'
    there_and_back
}

@test "an index that is replaced is built under another name before the old one is dropped" {
    there_is 'CREATE TABLE t (a int NOT NULL, b text, "C" int);' 'CREATE INDEX becomes_unique ON t (a);' 'CREATE INDEX "By C" ON t ("C");' \
        'CREATE INDEX gone ON t (b);' 'CREATE INDEX becomes_key ON t (b, a);' 'ALTER TABLE t ADD CONSTRAINT becomes_index UNIQUE (a, "C");' \
        'CREATE MATERIALIZED VIEW m AS SELECT a FROM t;' 'CREATE INDEX of_m ON m (a);'
    sql "INSERT INTO t VALUES (1, 'x', 2), (2, 'y', 2)"
    schema 'CREATE TABLE t (a int NOT NULL, b text, "C" int);' 'CREATE UNIQUE INDEX becomes_unique ON t (a);' 'CREATE INDEX "By C" ON t USING hash ("C");' \
        'CREATE INDEX aa_made ON t (b DESC);' 'ALTER TABLE t ADD CONSTRAINT becomes_key UNIQUE (b) DEFERRABLE;' 'CREATE INDEX becomes_index ON t (a);' \
        'CREATE MATERIALIZED VIEW m AS SELECT a FROM t;' 'CREATE UNIQUE INDEX of_m ON m (a);' "COMMENT ON INDEX becomes_unique IS 'x';"
    generate 1
    has "${texts[0]}" '-- fails if rows violate it: SELECT a, count(*) FROM public.t WHERE (a) IS NOT NULL GROUP BY a HAVING count(*) > 1
CREATE UNIQUE INDEX CONCURRENTLY becomes_unique__new ON public.t USING btree (a);
DROP INDEX CONCURRENTLY public.becomes_unique;
ALTER INDEX public.becomes_unique__new RENAME TO becomes_unique;
COMMENT ON INDEX' 'CREATE INDEX CONCURRENTLY "By C__new" ON public.t USING hash ("C");
DROP INDEX CONCURRENTLY public."By C";
ALTER INDEX public."By C__new" RENAME TO "By C";' 'CREATE UNIQUE INDEX CONCURRENTLY becomes_key__new ON public.t USING btree (b);
DROP INDEX CONCURRENTLY public.becomes_key;
ALTER TABLE public.t ADD CONSTRAINT becomes_key UNIQUE USING INDEX becomes_key__new DEFERRABLE;' \
        'CREATE INDEX CONCURRENTLY becomes_index__new ON public.t USING btree (a);
ALTER TABLE public.t DROP CONSTRAINT becomes_index;
ALTER INDEX public.becomes_index__new RENAME TO becomes_index;' 'ALTER INDEX public.of_m__new RENAME TO of_m;' \
        'ALTER TABLE public.t DROP CONSTRAINT becomes_key;
ALTER INDEX public.becomes_key__new RENAME TO becomes_key;'
    same "$(grep -n 'CONCURRENTLY aa_made\|CONCURRENTLY public.gone' <<<"${texts[0]}" | cut -d: -f2)" 'CREATE INDEX CONCURRENTLY aa_made ON public.t USING btree (b DESC);
DROP INDEX CONCURRENTLY public.gone;'
    there_and_back
}

@test "an index that is built beside the old one has a name that nothing else has" {
    local long
    long=$(printf '%063d' 0 | tr 0 i)
    there_is 'CREATE TABLE t (a int, b int);' 'CREATE INDEX one ON t (a);' 'CREATE VIEW one__new AS SELECT 1;' 'CREATE TABLE u (a int, CONSTRAINT one__new2 UNIQUE (a));' \
        "CREATE INDEX $long ON t (b);" "CREATE SEQUENCE ${long:5}__new;"
    sql 'INSERT INTO t VALUES (1, 2), (3, 4)'
    schema 'CREATE TABLE t (a int, b int);' 'CREATE INDEX one ON t (b);' 'CREATE VIEW one__new AS SELECT 1;' 'CREATE TABLE u (a int);' \
        "CREATE INDEX $long ON t (a);"
    generate 2
    has "${texts[1]}" 'CREATE INDEX CONCURRENTLY one__new3 ON' 'ALTER INDEX public.one__new3 RENAME TO one;' \
        "CREATE INDEX CONCURRENTLY ${long:6}__new2 ON" "ALTER INDEX public.${long:6}__new2 RENAME TO $long;"
    there_and_back
    sql_is 'SELECT sum(a * b) FROM t' 14
}

@test "a key that is replaced is built beside the old one, and takes its place in one statement" {
    there_is 'CREATE TABLE t (id int, n int NOT NULL, CONSTRAINT p PRIMARY KEY (id), CONSTRAINT u UNIQUE (n));'
    sql 'INSERT INTO t VALUES (1, 1), (2, 2)'
    schema 'CREATE TABLE t (id int NOT NULL, n int, CONSTRAINT other PRIMARY KEY (n), CONSTRAINT u UNIQUE (n, id) INITIALLY DEFERRED);'
    generate 1
    has "${texts[0]}" 'CREATE UNIQUE INDEX CONCURRENTLY u__new ON public.t USING btree (n, id);
ALTER TABLE public.t DROP CONSTRAINT u, ADD CONSTRAINT u UNIQUE USING INDEX u__new DEFERRABLE INITIALLY DEFERRED;' \
        'CREATE UNIQUE INDEX CONCURRENTLY other ON public.t USING btree (n);
ALTER TABLE public.t DROP CONSTRAINT p, ADD CONSTRAINT other PRIMARY KEY USING INDEX other;'
    there_and_back
    sql_is 'SELECT id, n FROM t ORDER BY id' $'1|1\n2|2'
}

@test "rows that a new unique index refuses leave the table with the old one" {
    there_is 'CREATE TABLE t (a int);' 'CREATE INDEX i ON t (a);'
    sql 'INSERT INTO t VALUES (1), (1)'
    schema 'CREATE TABLE t (a int);' 'CREATE UNIQUE INDEX i ON t (a);'
    generate 1
    fails 1 upgrade head
    err_has 'could not create unique index "i__new"'
    sql_is "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid" 'CREATE INDEX i ON public.t USING btree (a)'
    sql 'DELETE FROM t WHERE ctid = (SELECT max(ctid) FROM t)'
    ok upgrade head
    ok check
}

@test "an index whose columns are replaced too is dropped before them" {
    there_is 'CREATE TABLE t (a int, b int);' 'CREATE INDEX i ON t (a);' 'CREATE INDEX j ON t (b);'
    sql 'INSERT INTO t VALUES (1, 2)'
    schema 'CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS IDENTITY);' 'CREATE INDEX i ON t (c);' 'CREATE INDEX j ON t (b, c);'
    ok revision --autogenerate --online -m change
    ok upgrade head
    ok check
    schema 'CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (b * 2) STORED);' 'CREATE INDEX i ON t (c, a);' 'CREATE INDEX j ON t (b, c DESC);'
    ok revision --autogenerate --online -m change
    ok upgrade head
    ok check
    ok downgrade start
    ok upgrade head
    ok check
}

@test "foreign keys and checks are added NOT VALID, and validated in a revision that follows" {
    there_is 'CREATE TABLE a (id int PRIMARY KEY);' 'CREATE TABLE b (id int, a int);'
    sql 'INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1)'
    schema 'CREATE TABLE a (id int PRIMARY KEY);' \
        'CREATE TABLE b (id int CONSTRAINT few CHECK (id < 9), a int CONSTRAINT of_a REFERENCES a DEFERRABLE INITIALLY DEFERRED);' \
        "COMMENT ON CONSTRAINT few ON b IS 'x';"
    generate 2
    has "${texts[0]}" 'ADD CONSTRAINT few CHECK ((id < 9)) NOT VALID;' 'DEFERRABLE INITIALLY DEFERRED NOT VALID;' 'COMMENT ON CONSTRAINT few'
    lacks "${texts[0]}" VALIDATE 'transaction: false'
    has "${texts[1]}" '-- down_revision: first' '-- message: change (validate)' '-- transaction: false' \
        'VALIDATE CONSTRAINT few;' 'VALIDATE CONSTRAINT of_a;'
    there_and_back
}

@test "NOT NULL is set where a check has proven it" {
    there_is 'CREATE TABLE t (a int, "B b" int, c int);'
    sql 'INSERT INTO t VALUES (1, 1, 1)'
    schema 'CREATE TABLE t (a int NOT NULL, "B b" int NOT NULL, c int);' 'CREATE INDEX i ON t (a);' 'CREATE VIEW v AS SELECT a FROM t;'
    generate 3
    same "$(grep -c 'fails if a row contains NULL' <<<"${texts[*]}")" 2
    has "${texts[0]}" 'ADD CONSTRAINT cmig_a_not_null CHECK (a IS NOT NULL) NOT VALID;' \
        'ADD CONSTRAINT "cmig_B b_not_null" CHECK ("B b" IS NOT NULL) NOT VALID;' 'CREATE OR REPLACE VIEW public.v'
    has "${texts[1]}" 'VALIDATE CONSTRAINT cmig_a_not_null;
ALTER TABLE public.t ALTER COLUMN a SET NOT NULL;
ALTER TABLE public.t DROP CONSTRAINT cmig_a_not_null;' 'CHECK ((a IS NOT NULL)) NOT VALID;'
    has "${texts[2]}" 'message: change (indexes)' 'CREATE INDEX CONCURRENTLY i'
    there_and_back
}

@test "the check that proves NOT NULL has a name that nothing else has" {
    local long
    long=$(printf '%062d' 0 | tr 0 x)
    there_is "CREATE TABLE t (a int, cmig_a_not_null int, \"order\" int, ${long}a int, ${long}b int);" 'CREATE VIEW cmig_order_not_null AS SELECT 1;'
    sql 'INSERT INTO t VALUES (1, 2, 3, 4, 5)'
    schema "CREATE TABLE t (a int NOT NULL, cmig_a_not_null int, \"order\" int NOT NULL, ${long}a int NOT NULL, ${long}b int NOT NULL);" \
        'CREATE VIEW cmig_order_not_null AS SELECT 1;'
    generate 2
    has "${texts[0]}" 'ADD CONSTRAINT cmig_a_not_null2 CHECK (a IS' 'ADD CONSTRAINT "cmig_order_not_null2" CHECK ("order" IS' \
        "ADD CONSTRAINT cmig_${long:13}_not_null CHECK (${long}a IS"
    if [ "$(server_major)" -lt 18 ]; then
        has "${texts[0]}" "ADD CONSTRAINT cmig_${long:14}_not_null2 CHECK (${long}b IS"
    fi
    there_and_back
    same "$(sql 'TABLE t')" '1|2|3|4|5'
}

@test "NOT NULL with a name is added NOT VALID, and validated in a revision that follows" {
    [ "$(server_major)" -ge 18 ] || skip 'NOT NULL has names from server 18 on'
    there_is 'CREATE TABLE t (a int, "B b" int);' 'CREATE TABLE u (a int CONSTRAINT taken CHECK (a > 0));'
    sql 'INSERT INTO t VALUES (1, 1); INSERT INTO u VALUES (1)'
    schema 'CREATE TABLE t (a int NOT NULL, "B b" int CONSTRAINT mine NOT NULL, c float8 CONSTRAINT "C c" NOT NULL DEFAULT random());' \
        'CREATE TABLE u (a int CONSTRAINT t_a_not_null CHECK (a > 0));'
    generate 3
    has "${texts[0]}" 'ALTER TABLE public.t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID;' 'ADD CONSTRAINT mine NOT NULL "B b" NOT VALID;'
    has "${texts[1]}" 'ALTER TABLE public.t ADD CONSTRAINT "C c" NOT NULL c NOT VALID;'
    has "${texts[2]}" '-- fails if a row contains NULL: SELECT * FROM public.t WHERE a IS NULL
ALTER TABLE public.t VALIDATE CONSTRAINT t_a_not_null;' '-- fails if rows violate it: SELECT * FROM public.t WHERE "B b" IS NULL
ALTER TABLE public.t VALIDATE CONSTRAINT mine;' 'VALIDATE CONSTRAINT "C c";'
    there_and_back
    sql_is 'SELECT a, "B b", c IS NOT NULL FROM t' '1|1|t'
}

@test "a row that is in the way is told by the validation, and nothing is left half done" {
    there_is 'CREATE TABLE t (a int);'
    sql 'INSERT INTO t VALUES (NULL)'
    schema 'CREATE TABLE t (a int NOT NULL);'
    generate 2
    fails 1 upgrade head
    err_has 'check constraint "cmig_a_not_null" of relation "t" is violated by some row'
    rows_are first
    sql 'UPDATE t SET a = 1'
    ok upgrade head
    ok check
}

@test "keys are made of indexes that are built before, and what refers to them comes later" {
    there_is 'CREATE TABLE a (id int, code text, n int UNIQUE);' 'CREATE TABLE b (a int);'
    schema 'CREATE TABLE a (id int PRIMARY KEY, code text CONSTRAINT "a Code" UNIQUE DEFERRABLE, n int UNIQUE DEFERRABLE INITIALLY DEFERRED) ;' \
        'CREATE TABLE b (a int CONSTRAINT of_a REFERENCES a);' 'ALTER TABLE a ADD CONSTRAINT w UNIQUE (code) INCLUDE (n) WITH (fillfactor = 70);'
    generate 5
    has "${texts[0]}" 'cmig_id_not_null CHECK (id IS NOT NULL) NOT VALID;'
    lacks "${texts[0]}" UNIQUE REFERENCES
    has "${texts[2]}" '-- transaction: false' 'CREATE UNIQUE INDEX CONCURRENTLY a_pkey ON public.a USING btree (id);
ALTER TABLE public.a ADD CONSTRAINT a_pkey PRIMARY KEY USING INDEX a_pkey;' \
        'ADD CONSTRAINT "a Code" UNIQUE USING INDEX "a Code" DEFERRABLE;' 'CREATE UNIQUE INDEX CONCURRENTLY a_n_key__new' \
        'DROP CONSTRAINT a_n_key, ADD CONSTRAINT a_n_key UNIQUE USING INDEX a_n_key__new DEFERRABLE INITIALLY DEFERRED;'
    has "${texts[3]}" 'message: change (changes)' 'FOREIGN KEY (a) REFERENCES public.a(id) NOT VALID;'
    has "${texts[4]}" 'message: change (validate)' 'VALIDATE CONSTRAINT of_a;'
    there_and_back
}

@test "what belongs to a new table is not taken apart" {
    there_is 'CREATE TABLE a (id int PRIMARY KEY);'
    schema 'CREATE TABLE a (id int PRIMARY KEY);' \
        'CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a, e text UNIQUE CHECK (e > $$$$));' 'CREATE INDEX i ON b (a);' \
        'CREATE MATERIALIZED VIEW m AS SELECT id FROM b;' 'CREATE UNIQUE INDEX j ON m (id);'
    generate 1
    lacks "${texts[0]}" CONCURRENTLY 'NOT VALID' 'transaction: false'
    there_and_back
}

@test "a constraint that is there and not valid is validated" {
    there_is 'CREATE TABLE t (a int);' 'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;'
    schema 'CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));'
    generate 1
    has "${texts[0]}" '-- transaction: false' 'VALIDATE CONSTRAINT c;'
    there_and_back
}

@test "what is dropped or changed comes back NOT VALID, is validated apart, and is never missing meanwhile" {
    local tables='CREATE TABLE a (id int PRIMARY KEY);'
    there_is "$tables" 'CREATE DOMAIN d AS int CONSTRAINT dc CHECK (VALUE < 99);' \
        'CREATE TABLE b (id int NOT NULL, a int CONSTRAINT fk REFERENCES a, x d CONSTRAINT few CHECK (x > 0), y int CONSTRAINT z CHECK (y > 0), c int CONSTRAINT g REFERENCES a);' \
        'CREATE TABLE p (id int, a int CONSTRAINT pf REFERENCES a) PARTITION BY LIST (id);' 'CREATE TABLE p1 PARTITION OF p DEFAULT;'
    sql 'INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1, 2, 3, 1); INSERT INTO p VALUES (5, 1)'
    schema "$tables" 'CREATE DOMAIN d AS int;' 'CREATE TABLE b (id int, a int, x d, y int CONSTRAINT z CHECK (y > 1), c int CONSTRAINT g REFERENCES a ON DELETE CASCADE);' \
        'CREATE TABLE p (id int, a int) PARTITION BY LIST (id);' 'CREATE TABLE p1 PARTITION OF p DEFAULT;'
    generate 1
    has "${texts[0]}" '-- transaction: false' 'BEGIN;

ALTER TABLE public.b DROP CONSTRAINT g;
ALTER TABLE public.b ADD CONSTRAINT g FOREIGN KEY (c) REFERENCES public.a(id) ON DELETE CASCADE NOT VALID;

COMMIT;
' 'BEGIN;

ALTER TABLE public.b DROP CONSTRAINT z;
ALTER TABLE public.b ADD CONSTRAINT z CHECK ((y > 0)) NOT VALID;

COMMIT;
' 'CHECK (id IS NOT NULL) NOT VALID;' 'ALTER DOMAIN public.d ADD CONSTRAINT dc CHECK ((VALUE < 99)) NOT VALID;' 'ADD CONSTRAINT few CHECK (((x)::integer > 0)) NOT VALID;' \
        'ALTER TABLE public.b ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES public.a(id) NOT VALID;' 'ALTER TABLE public.p1 ADD CONSTRAINT pf FOREIGN KEY (a) REFERENCES public.a(id) NOT VALID;'
    same "$(grep -c ' VALIDATE CONSTRAINT' <<<"${texts[0]}")" 9
    there_and_back
    same "$(sql 'TABLE b; TABLE p')" $'1|1|2|3|1\n5|1'
}

@test "a check of a domain is added NOT VALID, and validated in a revision that follows" {
    there_is 'CREATE DOMAIN d AS int;' 'CREATE DOMAIN "E e" AS text;' 'CREATE TABLE t (a d, b "E e", n int);' \
        'ALTER DOMAIN "E e" ADD CONSTRAINT later CHECK (VALUE > $$$$) NOT VALID;'
    sql "INSERT INTO t VALUES (1, 'x', 1)"
    schema 'CREATE DOMAIN d AS int CONSTRAINT few CHECK (VALUE < 9);' 'CREATE DOMAIN "E e" AS text CONSTRAINT later CHECK (VALUE > $$$$);' \
        'CREATE DOMAIN new AS int CHECK (VALUE > 0);' 'CREATE TABLE t (a d, b "E e", n int NOT NULL);'
    generate 2
    has "${texts[0]}" 'ALTER DOMAIN public.d ADD CONSTRAINT few CHECK ((VALUE < 9)) NOT VALID;'
    lacks "${texts[0]}" VALIDATE 'transaction: false'
    has "${texts[1]}" '-- blocks writes to the tables that use the domain while it reads them; fails if a column of this type' \
        'ALTER DOMAIN public.d VALIDATE CONSTRAINT few;' 'ALTER DOMAIN public."E e" VALIDATE CONSTRAINT later;'
    there_and_back
    same "$(sql 'SELECT a, b, n FROM t')" '1|x|1'
}

@test "a value that violates a new check of a domain is found by the validation, and can be repaired" {
    there_is 'CREATE DOMAIN d AS int;' 'CREATE TABLE t (a d);'
    sql 'INSERT INTO t VALUES (10)'
    schema 'CREATE DOMAIN d AS int CONSTRAINT few CHECK (VALUE < 9);' 'CREATE TABLE t (a d);'
    generate 2
    fails 1 upgrade head
    err_has 'column "a" of table "t" contains values that violate the new constraint'
    rows_are first
    sql 'UPDATE t SET a = 1'
    ok upgrade head
    ok check
}

@test "a column that goes takes its index along before" {
    there_is 'CREATE TABLE t (a int, b int);' 'CREATE INDEX i ON t (b);' 'ALTER TABLE t CLUSTER ON i;'
    schema 'CREATE TABLE t (a int);' 'CREATE UNIQUE INDEX j ON t (a);' 'ALTER TABLE t ALTER a SET NOT NULL;' \
        'ALTER TABLE t REPLICA IDENTITY USING INDEX j;'
    generate 4
    there_and_back
}

@test "a value that is added to an enum is committed before it is used" {
    there_is "CREATE TYPE c AS ENUM ('red');" "CREATE TABLE t (c c DEFAULT 'red');"
    schema "CREATE TYPE c AS ENUM ('red', 'green');" "CREATE TABLE t (c c DEFAULT 'green');" 'CREATE INDEX i ON t (c);'
    generate 2
    has "${texts[0]}" '-- transaction: false' 'COMMIT;

BEGIN;

ALTER TABLE ONLY public.t ALTER COLUMN c SET DEFAULT'
    lacks "${texts[1]}" BEGIN
    there_and_back
}

@test "what is renamed is renamed first, and last on the way back" {
    there_is 'CREATE TABLE t (a int, b int);' 'CREATE INDEX i ON t (b);'
    sql 'INSERT INTO t VALUES (1)'
    schema '-- cmig:rename t TO u' 'CREATE TABLE u (a int NOT NULL, b int);' 'CREATE INDEX i ON u (b DESC);'
    generate 3
    has "${texts[0]}" 'ALTER TABLE public.t RENAME TO u;' 'ALTER TABLE public.u ADD CONSTRAINT cmig_a_not_null' \
        'ALTER TABLE public.u RENAME TO t;'
    there_and_back
    sql_is 'SELECT a FROM u' 1
}

@test "nothing is read under a lock that keeps others from reading and writing" {
    there_is 'CREATE TABLE t (a int);'
    sql 'INSERT INTO t VALUES (1)'
    schema 'CREATE FUNCTION slow(int) RETURNS boolean LANGUAGE sql AS $$SELECT pg_advisory_lock(1) IS NOT NULL$$;' \
        'CREATE TABLE t (a int CHECK (slow(a)));'
    generate 2
    hold
    start upgrade head
    until_sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted" 1
    sql 'SET lock_timeout = 1000; UPDATE t SET a = 2 WHERE false; SELECT * FROM t' >/dev/null
    release
    finish
    same "$status" 0
    ok check
}

@test "each table is rewritten in a transaction of its own, with what is made again for it, and nothing else" {
    there_is 'CREATE TABLE a (id int PRIMARY KEY, n int DEFAULT 1);' 'CREATE TABLE b (id int REFERENCES a, k int, c int REFERENCES a ON DELETE CASCADE);' \
        'CREATE VIEW v AS SELECT n FROM a;' 'CREATE MATERIALIZED VIEW m AS SELECT id, n FROM a;' 'CREATE UNIQUE INDEX i ON m (id);' \
        'CREATE TABLE other (x int);'
    sql 'INSERT INTO a VALUES (1, 5), (2, 6); INSERT INTO b VALUES (1, 7, 2); INSERT INTO other VALUES (3)'
    schema 'CREATE TABLE a (id int PRIMARY KEY, n bigint DEFAULT 1);' \
        'CREATE TABLE b (id bigint REFERENCES a, k bigint NOT NULL, c int REFERENCES a ON DELETE CASCADE);' \
        'CREATE VIEW v AS SELECT n FROM a;' 'CREATE MATERIALIZED VIEW m AS SELECT id, n FROM a;' 'CREATE UNIQUE INDEX i ON m (id);' \
        'CREATE TABLE other (x int, y int GENERATED ALWAYS AS (x * 2) STORED);'
    generate 5
    has "${texts[0]}" '-- queries on it fail until it is created again
DROP MATERIALIZED VIEW public.m;'
    lacks "${texts[0]}" 'transaction: false' 'TYPE bigint' 'DROP VIEW'
    has "${texts[1]}" '-- message: change (rewrites)' '-- transaction: false' '-- is not enforced until it is added again
ALTER TABLE public.b DROP CONSTRAINT b_id_fkey;' 'ALTER TABLE public.b ADD CONSTRAINT b_id_fkey FOREIGN KEY (id) REFERENCES public.a(id) NOT VALID;' 'BEGIN;

DROP VIEW public.v;

ALTER TABLE ONLY public.a ALTER COLUMN n DROP DEFAULT;

-- rewrites the table, and keeps it locked meanwhile; this lock cannot be avoided
ALTER TABLE public.a ALTER COLUMN n TYPE bigint;

ALTER TABLE ONLY public.a ALTER COLUMN n SET DEFAULT 1;

CREATE OR REPLACE VIEW public.v AS' 'COMMIT;

' 'ALTER TABLE public.b
    ALTER COLUMN id TYPE bigint,
    ALTER COLUMN k TYPE bigint;
ALTER TABLE public.b ADD CONSTRAINT cmig_k_not_null' 'CREATE MATERIALIZED VIEW public.m AS'
    same "$(grep -c 'this lock cannot be avoided' <<<"${texts[1]}")" 5 # up: a, b, other; down: a, b
    has "${texts[2]}" '-- fails if a row contains NULL: SELECT * FROM public.b WHERE k IS NULL
ALTER TABLE public.b VALIDATE CONSTRAINT cmig_k_not_null;'
    has "${texts[3]}" 'REFERENCES public.a(id) NOT VALID;' 'CREATE UNIQUE INDEX i ON public.m'
    has "${texts[4]}" 'VALIDATE CONSTRAINT b_id_fkey;'
    there_and_back
    sql_is "SELECT a.id, n, b.id, k, c, x, y FROM a, b, other WHERE a.id = b.id" '1|5|1|7|2|3|6'
    sql_is 'SELECT id, n FROM m ORDER BY 1 LIMIT 1' '1|5'
}

@test "a foreign key that changes rows is never missing while a table is rewritten" {
    there_is 'CREATE TABLE a (id int PRIMARY KEY);' 'CREATE TABLE b (id int REFERENCES a ON DELETE CASCADE);'
    schema 'CREATE TABLE a (id bigint PRIMARY KEY);' 'CREATE TABLE b (id bigint REFERENCES a ON DELETE CASCADE);'
    generate 2
    has "${texts[0]}" 'BEGIN;' 'DROP CONSTRAINT b_id_fkey;' 'ON DELETE CASCADE NOT VALID;' 'COMMIT;'
    there_and_back
}

@test "a column with a volatile default is added without it, and filled in batches" {
    there_is 'CREATE TABLE t (a int);'
    sql 'INSERT INTO t SELECT generate_series(1, 50000)'
    schema 'CREATE TABLE t (a int, "B" float8 NOT NULL DEFAULT random() CHECK ("B" < 2), c text UNIQUE DEFAULT md5(random()::text));'
    generate 6
    has "${texts[0]}" '-- existing rows contain NULL until the column is filled
ALTER TABLE public.t ADD COLUMN "B" double precision;
ALTER TABLE public.t ALTER COLUMN "B" SET DEFAULT random();' 'ADD COLUMN c text;'
    has "${texts[1]}" '-- transaction: false' 'UPDATE public.t SET "B" = DEFAULT WHERE ctid = ANY' 'COMMIT;' \
        'UPDATE public.t SET "B" = DEFAULT WHERE "B" IS NULL;' 'CHECK ("B" IS NOT NULL) NOT VALID;'
    has "${texts[2]}" '-- fails if a row contains NULL
ALTER TABLE public.t VALIDATE CONSTRAINT "cmig_B_not_null";' 'ALTER COLUMN "B" SET NOT NULL;'
    lacks "${texts[1]}${texts[2]}" 'until the column is filled'
    there_and_back
    sql_is 'SELECT count(*), count("B"), count(c), count(DISTINCT "B") > 40000 FROM t' '50000|50000|50000|t'
}

@test "rows that others lock or move while a column is filled are filled too" {
    there_is 'CREATE TABLE t (a int);'
    sql 'INSERT INTO t SELECT generate_series(1, 1000)'
    schema 'CREATE TABLE t (a int, b float8 DEFAULT random());'
    ok revision --autogenerate --online -m change --rev-id first
    ok upgrade +1
    hold
    echo 'BEGIN; UPDATE t SET a = -a WHERE a < 10;' >&7
    until_sql "SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass AND mode = 'RowExclusiveLock' AND granted" 1
    start upgrade head
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE public.t SET b = DEFAULT WHERE b IS NULL%'" 1
    sql_is 'SELECT count(*) FROM t WHERE b IS NULL' 9
    echo 'COMMIT;' >&7
    release
    finish
    same "$status" 0
    sql_is 'SELECT count(*), count(b) FROM t' '1000|1000'
}

@test "where triggers, policies or children are in its way, a volatile default rewrites the table, and says so" {
    there_is 'CREATE TABLE t (a int);' 'CREATE TABLE below () INHERITS (t);'
    schema 'CREATE TABLE t (a int, b float8 DEFAULT random());' 'CREATE TABLE below () INHERITS (t);'
    generate 1
    has "${texts[0]}" '-- rewrites the table, and keeps it locked meanwhile; this lock cannot be avoided
ALTER TABLE public.t ADD COLUMN b double precision DEFAULT random();'
    there_and_back
}

@test "an exclusion and a foreign key to a partitioned table say that there is no way without a lock" {
    there_is 'CREATE TABLE a (id int, r int4range);' 'CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id);'
    schema 'CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id);' \
        'CREATE TABLE a (id int REFERENCES p, r int4range, CONSTRAINT x EXCLUDE USING gist (r WITH &&));'
    generate 1
    same "$(grep -c 'keeps it locked against writes meanwhile; this lock cannot be avoided' <<<"${texts[0]}")" 1
    same "$(grep -c 'keeps it locked meanwhile; this lock cannot be avoided' <<<"${texts[0]}")" 1
    there_and_back
}

@test "an index that becomes UNIQUE is built beside the old one, also where its column becomes NOT NULL" {
    there_is 'CREATE TABLE t (a int, b int); CREATE INDEX ix ON t (a); CREATE INDEX iy ON t (b);'
    sql 'INSERT INTO t SELECT n, n FROM generate_series(1, 100) n'
    schema 'CREATE TABLE t (a int NOT NULL, b int NOT NULL); CREATE UNIQUE INDEX ix ON t (a); CREATE INDEX iz ON t (b, a);'
    generate 3
    has "${texts[2]}" 'CREATE UNIQUE INDEX CONCURRENTLY ix__new ON public.t USING btree (a);
DROP INDEX CONCURRENTLY public.ix;
ALTER INDEX public.ix__new RENAME TO ix;' 'CREATE INDEX CONCURRENTLY iz ON public.t USING btree (b, a);

DROP INDEX CONCURRENTLY public.iy;'
    there_and_back
}

@test "diff --online shows the parts" {
    there_is 'CREATE TABLE t (a int);'
    schema 'CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));' 'CREATE INDEX i ON t (a);'
    ok diff --online
    out_is '-- part 1 of 3: changes
ALTER TABLE public.t ADD CONSTRAINT c CHECK ((a > 0)) NOT VALID;

-- part 2 of 3: validate, outside a transaction
-- fails if rows violate it: SELECT * FROM public.t WHERE NOT ((a > 0))
ALTER TABLE public.t VALIDATE CONSTRAINT c;

-- part 3 of 3: indexes, outside a transaction
CREATE INDEX CONCURRENTLY i ON public.t USING btree (a);'
    fails 2 diff --online --unproven
}

@test "--json is an array, and those behind the first have its id with a number, and not its label" {
    there_is 'CREATE TABLE t (a int);'
    schema 'CREATE TABLE t (a int NOT NULL);'
    ok --json revision --autogenerate --online --rev-id first --branch-label mine
    json_is 'jsonb_array_length(j)' 2
    json_is "j->0->>'revision' || ' ' || (j->0->>'message') || ' ' || (j->0->>'is_head') || ' ' || (j->0->>'branch_labels')" 'first  false ["mine"]'
    json_is "(j->1->>'down_revision') || ' ' || (j->1->>'message') || ' ' || (j->1->>'is_head')" '["first"] validate true'
    json_is "j->1->>'revision'" first_2
    [ -f "$(sql "SELECT '${out//\'/}'::jsonb->1->>'path'")" ]
}

@test "all files are written or none" {
    ini 'script_location = migrations' 'url = ${DATABASE_URL}' 'schema = schema.sql' 'file_template = %(slug)s'
    there_is 'CREATE TABLE t (a int);'
    ok revision -m 'change validate'
    ok upgrade head
    schema 'CREATE TABLE t (a int NOT NULL);'
    fails 1 revision --autogenerate --online -m change
    err_has 'change_validate.sql'
    files_are migrations/versions 'migrations/versions/change_validate.sql migrations/versions/start.sql '
    ok revision --autogenerate --online -m other
}

@test "where nothing differs none is written; without --autogenerate it means nothing" {
    there_is 'CREATE TABLE t (a int);'
    ok revision --autogenerate --online -m x
    err_is 'nothing differs: no revision was written'
    fails 2 revision --online -m x
    err_has '--online is a way of --autogenerate'
    fails 2 revision --with-privileges -m x
    err_has '--with-privileges is a way of --autogenerate'
    fails 2 revision --unproven -m x
    err_has '--unproven is a way of --autogenerate'
    fails 2 revision --autogenerate --online --unproven -m x
    err_has 'do not go together'
    files_are migrations/versions 'migrations/versions/start_start.sql '
}

@test "if the parts of an online plan are not proven, the plan in one revision may be, as the hint says" {
    there_is "CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';" 'CREATE TABLE t (a int);' \
        'CREATE CONSTRAINT TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();' 'ALTER TABLE t ADD CONSTRAINT y CHECK (a > 0);'
    schema "CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';" 'CREATE TABLE t (a int);' \
        'CREATE CONSTRAINT TRIGGER y AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();' 'ALTER TABLE t ADD CONSTRAINT x CHECK (a > 0);'
    fails 1 revision --autogenerate --online -m x
    err_has 'hint: omit --online to try a plan in one revision'
    ok revision --autogenerate -m x
    ok upgrade head
    ok check
}

#!/usr/bin/env bats
# The server prints some expressions in another way once it has read its own text: that is no difference.
load helper

setup() {
    fresh_folder
    fresh_database
    cat >schema.sql <<'EOF'
CREATE TABLE a (s varchar(10) CHECK (s IN ('x', 'y')), e varchar CHECK (e NOT IN ('p', 'q') OR e LIKE 'a%'));
CREATE TABLE kid () INHERITS (a);
CREATE TABLE p (s varchar(10) CHECK (s IN ('x', 'y')), k int) PARTITION BY LIST (s);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('x');
CREATE TABLE p2 PARTITION OF p (CHECK (s IN ('y', 'w'))) DEFAULT;
CREATE DOMAIN dm AS varchar(5) CHECK (VALUE IN ('a', 'b'));
CREATE TABLE u (x dm CHECK (x IN ('a')), y dm[] CHECK (y <@ ARRAY['a', 'b']::dm[]));
EOF
}

load_file() { "$PSQL" -Xq -v ON_ERROR_STOP=1 -d "$DB" -f "$1" >/dev/null; }

# The database that dump.sql makes equals schema.sql, and its dump is dump.sql.
dump_makes_the_same() {
    sql "DROP SCHEMA public CASCADE; CREATE SCHEMA public; COMMENT ON SCHEMA public IS 'standard public schema'"
    load_file dump.sql
    ok check --to schema.sql
    ok diff --from schema.sql --to database
    err_has 'nothing differs'
    ok dump
    same "$out" "$(cat dump.sql)"
}

@test "a database and what its dump makes are equal, with checks of children, partitions and domains in use" {
    load_file schema.sql
    ok dump --to dump.sql
    ok check --to dump.sql
    ok check --to schema.sql
    ok diff --from dump.sql --to database
    err_has 'nothing differs'
    dump_makes_the_same
}

@test "a check that really differs is still found" {
    load_file schema.sql
    sed -i "s/CHECK (s IN ('x', 'y'))/CHECK (s IN ('x', 'z'))/; s/VALUE IN ('a', 'b')/VALUE IN ('a', 'c')/" schema.sql
    fails 3 check --to schema.sql
    out_has public.a.a_s_check public.dm.dm_check public.p.p_s_check
}

# Everything else that can hold an expression which reads differently.
expressions() {
    cat <<'EOT'
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE t (id int, v varchar, g bool GENERATED ALWAYS AS (v IN ('a', 'b')) STORED, f bool DEFAULT ('q'::varchar IN ('a', 'b')));
CREATE TABLE base (v varchar, "g""x" bool GENERATED ALWAYS AS (v IN ('a', 'b')) STORED);
CREATE TABLE kid (k int) INHERITS (base);
CREATE VIEW gv AS SELECT g FROM t;
CREATE INDEX ie ON t ((v IN ('a', 'b')));
CREATE UNIQUE INDEX iu ON t (id) WHERE v NOT IN ('c', 'd');
CREATE TABLE p (id int, v varchar) PARTITION BY LIST ((v IN ('a', 'b')));
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (true);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (false) PARTITION BY LIST ((v IN ('c', 'd')));
CREATE TABLE p21 PARTITION OF p2 FOR VALUES IN (true);
CREATE INDEX pe ON p ((v IN ('a', 'b')));
CREATE INDEX pw ON p (id) WHERE v IN ('a', 'b');
CREATE POLICY po ON t USING (v IN ('a', 'b')) WITH CHECK (v IN ('c', 'd'));
CREATE MATERIALIZED VIEW mv AS SELECT * FROM t WHERE v IN ('a', 'b');
CREATE INDEX mi ON mv (id) WHERE v IN ('a', 'b');
CREATE RULE ru AS ON DELETE TO t WHERE old.v IN ('a', 'b') DO INSTEAD NOTHING;
CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW WHEN (new.v IN ('a', 'b')) EXECUTE FUNCTION tf();
CREATE TRIGGER ptr AFTER INSERT ON p FOR EACH ROW WHEN (new.v IN ('a', 'b')) EXECUTE FUNCTION tf();
CREATE DOMAIN d AS bool DEFAULT ('q'::varchar IN ('a', 'b'));
CREATE DOMAIN dd AS d DEFAULT ('q'::varchar IN ('a', 'c'));
CREATE TABLE td (x d, y dd[]);
CREATE FUNCTION fd(a bool DEFAULT ('q'::varchar IN ('a', 'b'))) RETURNS bool LANGUAGE sql AS 'SELECT $1';
CREATE TABLE ex (id int, v varchar, EXCLUDE USING btree (id WITH =) WHERE (v IN ('a', 'b')));
EOT
    local major=$(($(sql "SHOW server_version_num") / 10000))
    [ "$major" -lt 14 ] || cat <<'EOT'
CREATE STATISTICS st ON (v IN ('a', 'b')), id FROM t;
CREATE FUNCTION fa(v varchar) RETURNS bool LANGUAGE sql RETURN v IN ('a', 'b');
CREATE VIEW vfa AS SELECT fa('x');
EOT
    [ "$major" -lt 18 ] || echo "CREATE TABLE virtual (v varchar, g bool GENERATED ALWAYS AS (v IN ('a', 'b')) VIRTUAL);"
}

@test "generated columns, defaults, keys of partitions, indexes and the like that read differently do not differ" {
    expressions >schema.sql
    load_file schema.sql
    ok dump --to dump.sql
    ok check --to dump.sql
    ok diff --from dump.sql --to schema.sql
    err_has 'nothing differs'
    dump_makes_the_same
}

@test "a plan for something else does not touch what only reads differently" {
    expressions >schema.sql
    load_file schema.sql
    ok dump --to dump.sql
    printf 'ALTER TABLE %s ADD COLUMN more int;\n' p t >>dump.sql
    ok diff --to dump.sql
    out_has 'ALTER TABLE public.p ADD COLUMN more integer' 'ALTER TABLE public.t ADD COLUMN more integer'
    out_lacks DROP 'CREATE ' DOMAIN EXPRESSION
}

@test "a generated column, a default of a domain and a key of partitions that really differ are still found" {
    expressions >schema.sql
    load_file schema.sql
    sed -i "/TABLE t \|DOMAIN d \|TABLE p /s/'b'/'z'/" schema.sql
    fails 3 check --to schema.sql
    out_has public.t.g 'alter domain public.d' 'create table public.p'
}

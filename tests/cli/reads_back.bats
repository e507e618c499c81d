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

@test "a database and what its dump makes are equal, with checks of children, partitions and domains in use" {
    load_file schema.sql
    ok dump --to dump.sql
    ok check --to dump.sql
    ok check --to schema.sql
    ok diff --from dump.sql --to database
    err_has 'nothing differs'
    sql "DROP SCHEMA public CASCADE; CREATE SCHEMA public; COMMENT ON SCHEMA public IS 'standard public schema'"
    load_file dump.sql
    ok check --to schema.sql
    ok diff --from schema.sql --to database
    err_has 'nothing differs'
    ok dump
    same "$out" "$(cat dump.sql)"
}

@test "a check that really differs is still found" {
    load_file schema.sql
    sed -i "s/CHECK (s IN ('x', 'y'))/CHECK (s IN ('x', 'z'))/; s/VALUE IN ('a', 'b')/VALUE IN ('a', 'c')/" schema.sql
    fails 3 check --to schema.sql
    out_has public.a.a_s_check public.dm.dm_check public.p.p_s_check
}

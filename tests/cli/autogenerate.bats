#!/usr/bin/env bats
# revision --autogenerate: the revision that leads from the database to the schema source, and back.
load helper

setup() { source_project; }

# schema STATEMENT...: the schema source.
schema() { printf '%s\n' "$@" >schema.sql; }

generate() { ok revision --autogenerate -m "$1" --rev-id "$1"; }

# Of this test, that is.
no_shadows() { sql_is "SELECT count(*) FROM pg_database WHERE datdba = '$ROLE'::regrole" 0; }

@test "new tables are written with their way back, and a second time nothing differs" {
    schema 'CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);' \
        'CREATE TABLE orders (id serial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE);'
    generate r1
    has "$(cat migrations/versions/r1_r1.sql)" 'CREATE TABLE public.users (' '    email text NOT NULL' '-- the data of TABLE public.users is lost' \
        'DROP TABLE public.users;'
    ok upgrade head
    ok check
    err_is 'nothing differs'
    ok revision --autogenerate -m again
    err_is 'nothing differs: no revision was written'
    out_is ''
    ok downgrade base
    tables_are ''
    no_shadows
}

@test "a database that is behind is told" {
    rev aaa '' 'CREATE TABLE a ();'
    schema 'CREATE TABLE a ();'
    fails 1 revision --autogenerate -m x
    err_has 'the database is behind: aaa is not applied' 'cmig upgrade head'
}

@test "a type changes under a view, and the rows stay" {
    schema 'CREATE TABLE t (id int, n int DEFAULT 1);' 'CREATE VIEW v AS SELECT id, n FROM t;' "COMMENT ON COLUMN v.n IS 'x';"
    generate r1
    ok upgrade head
    sql 'INSERT INTO t VALUES (1, 2)'
    schema 'CREATE TABLE t (id int, n text DEFAULT 1);' 'CREATE VIEW v AS SELECT id, n FROM t;' "COMMENT ON COLUMN v.n IS 'x';"
    generate r2
    ok upgrade head
    sql_is 'SELECT n FROM v' 2
    sql_is "SELECT col_description('v'::regclass, 2)" x
    ok check
    ok downgrade r1
    sql_is "SELECT n + 1 FROM v" 3
}

@test "a value that is added to an enum and used makes the revision run outside a transaction" {
    schema "CREATE TYPE c AS ENUM ('red');" "CREATE TABLE t (c c DEFAULT 'red');"
    generate r1
    ok upgrade head
    sql "INSERT INTO t VALUES ('red')"
    schema "CREATE TYPE c AS ENUM ('black', 'red', 'green');" "CREATE TABLE t (c c DEFAULT 'green');"
    generate r2
    has "$(cat migrations/versions/r2_r2.sql)" '-- transaction: false' "BEGIN;

ALTER TYPE public.c ADD VALUE 'black' BEFORE 'red';
ALTER TYPE public.c ADD VALUE 'green';

COMMIT;

BEGIN;

ALTER TABLE ONLY public.t ALTER COLUMN c SET DEFAULT 'green'::public.c;

COMMIT;" '-- cmig:downgrade

BEGIN;'
    ok upgrade head
    ok check
    sql "INSERT INTO t VALUES ('black')"
    fails 1 downgrade r1 # all or nothing, though it is outside a transaction
    ok check
    sql "DELETE FROM t WHERE c = 'black'"
    ok downgrade r1
    sql_is 'SELECT c FROM t' red
}

@test "a value that is used again on the way back only is committed before there" {
    schema "CREATE TYPE c AS ENUM ('red', 'green');" "CREATE TABLE t (c c DEFAULT 'green');"
    generate r1
    ok upgrade head
    schema "CREATE TYPE c AS ENUM ('red');" "CREATE TABLE t (c c DEFAULT 'red');"
    generate r2
    has "$(cat migrations/versions/r2_r2.sql)" '-- transaction: false' '-- cmig:upgrade

BEGIN;

ALTER TABLE ONLY public.t ALTER COLUMN c DROP DEFAULT;' "-- cmig:downgrade

BEGIN;

ALTER TYPE public.c ADD VALUE 'green';

COMMIT;"
    ok upgrade head
    ok check
    ok downgrade r1
    ok upgrade head
    ok check
}

@test "an error in the schema source has its place" {
    schema 'CREATE TABLE a ();' 'CREATE TABLE b (x nosuch);'
    fails 1 revision --autogenerate -m x
    err_has 'schema.sql:2:19: error: type "nosuch" does not exist'
    no_shadows
}

@test "a schema source that is not there is told with what names it" {
    fails 2 diff
    err_has 'migrate.ini: error: there is no file or folder' 'schema.sql", which schema names' 'cmig dump --to'
}

@test "without a schema source it says what to set" {
    project
    fails 2 revision --autogenerate -m x
    err_has 'schema is not set' 'schema = schema.sql' 'cmig dump --to schema.sql'
}

@test "a source with a statement that cannot run in a transaction is loaded without one" {
    schema 'CREATE TABLE t (a int);' 'CREATE INDEX CONCURRENTLY i ON t (a);'
    ok diff
    has "$out" 'CREATE INDEX i ON public.t USING btree (a);'
}

@test "what reaches beyond the database is refused in the schema source" {
    for statement in "CREATE ROLE $ROLE-x" 'drop /* all */ database app' "ALTER SYSTEM SET work_mem = '1MB'" 'ALTER DATABASE app SET a.b = 1' \
        "CREATE TABLESPACE x LOCATION '/tmp'" "CREATE SUBSCRIPTION x CONNECTION '' PUBLICATION y" 'ALTER USER app SUPERUSER'; do
        schema 'CREATE TABLE t ();' "$statement;"
        fails 1 diff
        err_has 'schema.sql:2:1: error: ' 'affects the whole server, not only the shadow database' 'shadow_url = ephemeral:'
    done
    schema 'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;' 'CREATE USER MAPPING FOR PUBLIC SERVER s;'
    ok diff
}

@test "names that are not qualified mean what they mean in the database" {
    sql "CREATE SCHEMA app; ALTER DATABASE \"$DB\" SET search_path = app, public"
    schema 'CREATE SCHEMA app; CREATE TABLE t (a int);'
    ok diff
    has "$out" 'CREATE TABLE app.t ('
    sql 'CREATE TABLE app.t (a int)'
    ok check
    rev aaa '' 'CREATE TABLE app.t (a int);'
    sed -i 's/^CREATE TABLE app.t/CREATE SCHEMA app; CREATE TABLE t/' migrations/versions/aaa.sql
    ok check --revisions
}

@test "what fails in the trial is shown" {
    schema 'CREATE EXTENSION pg_trgm VERSION "1.3"; ALTER EXTENSION pg_trgm UPDATE TO "1.5";'
    generate r1
    ok upgrade head
    schema 'CREATE EXTENSION pg_trgm VERSION "1.3";'
    fails 1 revision --autogenerate -m r2
    err_has "the statements failed at \"ALTER EXTENSION pg_trgm UPDATE TO '1.3';\"" 'has no update path'
    files_are migrations/versions 'migrations/versions/r1_r1.sql '
}

@test "who may not make databases is told what to do" {
    schema 'CREATE TABLE a ();'
    sql "ALTER ROLE $ROLE NOSUPERUSER"
    fails 1 diff
    err_has 'permission denied to create database' 'CREATEDB' shadow_url
}

@test "Ctrl-C drops the shadow database" {
    schema 'SELECT pg_sleep(60);'
    start diff
    until_sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'BEGIN%pg_sleep(60)%' AND pid <> pg_backend_pid()" 1
    kill -INT "$PID"
    finish
    same "$status" 130
    no_shadows
}

@test "shadow_url = ephemeral: needs no right to make databases on the server" {
    project 'schema = schema.sql' 'shadow_url = ephemeral:'
    schema 'CREATE TABLE a (id int);'
    sql "ALTER ROLE $ROLE NOSUPERUSER"
    ok diff
    out_has 'CREATE TABLE public.a ('
}

@test "with ephemeral: as the database, all is worked out on a throw-away server" {
    schema 'CREATE TABLE a (id int);'
    rev aaa '' 'CREATE TABLE a (id int);'
    ok --url ephemeral: check --revisions
    fails 3 --url ephemeral: check
    out_is 'create table public.a'
}

@test "a line in a function's body that looks like a marker stays there" {
    schema 'CREATE TABLE acc (id int);' 'CREATE FUNCTION gen() RETURNS text LANGUAGE plpgsql AS $$' 'BEGIN' '-- cmig:downgrade' \
        '-- cmig:rename a.x TO a.y' "RETURN 'x'; END \$\$;"
    generate r1
    ok upgrade head
    sql 'INSERT INTO acc VALUES (1)'
    sql_is 'SELECT gen() || count(*) FROM acc' x1
    ok downgrade base
    tables_are ''
}

@test "what does not fit the new type is an error, and is not cut" {
    schema 'CREATE TABLE t (x text);'
    generate r1
    ok upgrade head
    sql "INSERT INTO t VALUES ('much too long')"
    schema 'CREATE TABLE t (x varchar(4));'
    generate r2
    lacks "$(cat migrations/versions/r2_r2.sql)" USING
    fails 1 upgrade head
    err_has 'value too long'
    sql_is 'SELECT x FROM t' 'much too long'
}

@test "serial becomes identity, and back, and goes on counting" {
    schema 'CREATE TABLE t (id bigserial PRIMARY KEY, n int);'
    generate r1
    ok upgrade head
    sql 'INSERT INTO t (n) VALUES (1), (2)'
    schema 'CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int);'
    generate r2
    ok upgrade head
    sql 'INSERT INTO t (n) VALUES (3)'
    ok downgrade r1
    sql 'INSERT INTO t (n) VALUES (4)'
    sql_is "SELECT string_agg(id::text, ' ' ORDER BY id) FROM t" '1 2 3 4'
}

@test "a sequence goes on in its new range, or at its end" {
    schema 'CREATE SEQUENCE s MAXVALUE 50; CREATE SEQUENCE fresh MAXVALUE 50;' 'CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (MAXVALUE 50), n int);'
    generate r1
    ok upgrade head
    sql "SELECT setval('s', 40); INSERT INTO t (n) SELECT 1 FROM generate_series(1, 3)"
    schema 'CREATE SEQUENCE s MINVALUE 100 MAXVALUE 200; CREATE SEQUENCE fresh MINVALUE 100 MAXVALUE 200 START 150;' \
        'CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (MINVALUE 2 MAXVALUE 90), n int);'
    generate r2
    ok upgrade head
    sql_is "SELECT concat_ws(' ', nextval('s'), nextval('fresh'))" '100 150'
    sql 'INSERT INTO t (n) VALUES (1)'
    sql_is 'SELECT max(id) FROM t' 4
    ok downgrade -1
    sql_is "SELECT concat_ws(' ', last_value, is_called) FROM s" '50 t'
    sql 'INSERT INTO t (n) VALUES (1)'
    sql_is 'SELECT max(id) FROM t' 5
}

@test "an empty schema source does not drop everything" {
    schema 'CREATE TABLE t (id int);'
    generate r1
    ok upgrade head
    schema '-- nothing'
    fails 1 revision --autogenerate -m x
    err_has 'the schema source makes nothing'
    project 'schema = schema.sql' 'include_schemas = publik'
    fails 2 check
    err_has 'neither side has a schema that include_schemas names: publik'
}

# What a view, its column, a function, a type and a sequence let others do, and whose they are.
privileges_are() {
    sql_is "SELECT string_agg(concat_ws(' ', name, owner, acl), E'\\n' ORDER BY name COLLATE \"C\") FROM (
        SELECT relname, relowner::regrole, relacl::text FROM pg_class WHERE relname IN ('v', 'm')
        UNION ALL SELECT 'v.' || attname, NULL, attacl::text FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid = 'v'::regclass
        UNION ALL SELECT proname, proowner::regrole, proacl::text FROM pg_proc WHERE proname = 'f'
        UNION ALL SELECT typname, typowner::regrole, typacl::text FROM pg_type WHERE typname = 'state') x (name, owner, acl)" "$1"
}

granted() {
    schema "CREATE TYPE state AS ENUM ('a', 'b');" 'CREATE TABLE t (n int, s state);' 'CREATE VIEW v AS SELECT n, s FROM t;' \
        'CREATE MATERIALIZED VIEW m AS SELECT n FROM t;' 'CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$SELECT 1$$;'
    generate r1
    ok upgrade head
    sql "ALTER VIEW v OWNER TO $other; GRANT SELECT ON v TO PUBLIC; GRANT UPDATE (n) ON v TO $ROLE; GRANT SELECT ON m TO $other WITH GRANT OPTION;
        REVOKE ALL ON FUNCTION f(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION f(int) TO $other; ALTER TYPE state OWNER TO $other"
    before="f $ROLE {$ROLE=X/$ROLE,$other=X/$ROLE}
m $ROLE {$ROLE=arwdDxtm/$ROLE,$other=r*/$ROLE}
state $other
v $other {$other=arwdDxtm/$other,=r/$other}
v.n {$ROLE=w/$other}"
    [ "$(sql 'SHOW server_version_num')" -ge 170000 ] || before=${before//Dxtm/Dxt}
    privileges_are "$before"
    schema "CREATE TYPE state AS ENUM ('b');" 'CREATE TABLE t (n bigint, s state);' 'CREATE VIEW v AS SELECT n, s FROM t;' \
        'CREATE MATERIALIZED VIEW m AS SELECT n FROM t;' 'CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql AS $$SELECT 1$$;'
}

@test "what is made again keeps its owner and its grants" {
    other=$(fresh_role && echo "$ROLE")
    granted
    generate r2
    ok upgrade head
    privileges_are "$before"
    ok check
    ok downgrade -1
    privileges_are "$before"
}

@test "what is made again keeps its owner and its grants with --online, and where it is tried on another server" {
    other=$(fresh_role && echo "$ROLE")
    granted
    ini 'script_location = migrations' 'url = ${DATABASE_URL}' 'schema = schema.sql' 'shadow_url = ephemeral:'
    ok revision --autogenerate --online -m r2
    ok upgrade head
    privileges_are "$before"
    ok check
    ok downgrade r1
    privileges_are "$before"
    ok --json diff
    sql_is "SELECT count(*) FROM jsonb_array_elements('${out//\'/\'\'}'::jsonb->'changes') c WHERE c->>'statement' LIKE '%GRANT %'" 3
}

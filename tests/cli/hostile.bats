#!/usr/bin/env bats
# Objects of strangers in front of the search_path: whatever cmig asks of its own accord, it asks pg_catalog.

load helper

setup() {
    fresh_folder
    fresh_database
    project 'version_table_schema = public'
}

# A schema that has an operator, function, type, relation and cast of every name in pg_catalog, and notes who calls it.
hostile_schema() {
    sql "$(cat <<'SQL'
SET check_function_bodies = off;
CREATE SCHEMA trap;
CREATE TABLE trap.calls (what pg_catalog.text);
CREATE FUNCTION trap.called(what pg_catalog.text) RETURNS pg_catalog.bool LANGUAGE plpgsql SET search_path = pg_catalog AS
    $called$BEGIN INSERT INTO trap.calls VALUES (what || ' in ' || left(pg_catalog.current_query(), 4000)); RETURN true; END$called$;
DO $do$
DECLARE o record; f record; r record; t text;
BEGIN
    FOR o IN SELECT DISTINCT p.oid, p.oprname, p.oprleft::regtype AS l, p.oprright::regtype AS r, p.oprresult::regtype AS result
               FROM pg_operator p
              WHERE p.oprkind = 'b' AND p.oprcode <> 0 AND 'p' <> ALL (SELECT y.typtype FROM pg_type y WHERE y.oid IN (p.oprleft, p.oprright, p.oprresult))
    LOOP
        EXECUTE format('CREATE FUNCTION trap.o%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS $f$BEGIN PERFORM trap.called(%L); RETURN $1 OPERATOR(pg_catalog.%s) $2; END$f$',
            o.oid, o.l, o.r, o.result, format('operator %s (%s, %s)', o.oprname, o.l, o.r), o.oprname);
        EXECUTE format('CREATE OPERATOR trap.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = trap.o%s)', o.oprname, o.l, o.r, o.oid);
    END LOOP;
    -- and what Alembic's table invites: a better match than text
    EXECUTE 'CREATE FUNCTION trap.varchars(varchar, varchar) RETURNS bool LANGUAGE plpgsql AS $f$BEGIN PERFORM trap.called(''varchar''); RETURN $1::text OPERATOR(pg_catalog.=) $2::text; END$f$';
    EXECUTE 'CREATE OPERATOR trap.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = trap.varchars)';
    FOR f IN SELECT p.proname, oidvectortypes(p.proargtypes) AS args, p.prorettype::regtype AS result, p.pronargs
               FROM pg_proc p JOIN pg_type y ON y.oid = p.prorettype
              WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND NOT p.proretset AND p.provariadic = 0 AND y.typtype <> 'p'
                AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) a JOIN pg_type b ON b.oid = a WHERE b.typtype = 'p')
    LOOP
        EXECUTE format('CREATE FUNCTION trap.%I(%s) RETURNS %s LANGUAGE plpgsql AS $f$BEGIN PERFORM trap.called(%L); RETURN pg_catalog.%I(%s); END$f$',
            f.proname, f.args, f.result, format('function %s(%s)', f.proname, f.args), f.proname,
            (SELECT string_agg('$' || i, ', ') FROM generate_series(1, f.pronargs) i));
    END LOOP;
    FOR f IN SELECT DISTINCT p.proname FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
    LOOP
        BEGIN
            EXECUTE format('CREATE FUNCTION trap.%I(VARIADIC a "any") RETURNS text LANGUAGE internal AS ''pg_backend_pid''', f.proname);
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
    FOR r IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v')
    LOOP
        BEGIN
            EXECUTE format('CREATE VIEW trap.%I AS SELECT *, trap.called(%L) AS trapped FROM pg_catalog.%I', r.relname, 'relation ' || r.relname, r.relname);
        EXCEPTION WHEN OTHERS THEN NULL; -- a column that only superusers may read
        END;
    END LOOP;
    FOREACH t IN ARRAY '{text,bool,int2,int4,int8,name,oid,json,jsonb,timestamptz,float8,regclass,regtype,regproc,xid8,bytea}'::text[]
    LOOP
        EXECUTE format('CREATE DOMAIN trap.%I AS pg_catalog.%I CHECK (trap.called(%L))', t, t, 'type ' || t);
    END LOOP;
END $do$;
SQL
)"
    sql "ALTER DATABASE $DB SET search_path = trap, public, pg_catalog"
}

# Nothing of the schema was called by the command.
uncalled() {
    calls=$(sql "SELECT pg_catalog.count(*), pg_catalog.string_agg(DISTINCT what, ', ') FROM trap.calls")
    echo "called: $calls"
    [ "$calls" = '0|' ]
}

@test "no command calls what stands in front of pg_catalog" {
    hostile_schema
    sql "SELECT pg_catalog.count(1) FROM pg_class" >/dev/null # the trap works
    has "$(sql 'SELECT what FROM trap.calls LIMIT 1')" 'relation pg_class in SELECT'
    sql 'TRUNCATE trap.calls'
    rev aaa '' 'CREATE TABLE public.a (id pg_catalog.int4);' 'DROP TABLE public.a;'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY i ON public.a (id);' 'DROP INDEX CONCURRENTLY public.i;' 'transaction: false'
    rev ccc bbb 'DO $$ BEGIN END $$; CREATE TABLE public.c (id pg_catalog.int4);' 'DROP TABLE public.c;'
    for command in 'upgrade head' current 'current -v' 'history -i' log status 'downgrade -2' 'upgrade +2' heads \
        'current --check-heads' 'stamp aaa' 'stamp --purge head' 'downgrade base' ensure-version 'upgrade head'; do
        cmig $command
        [ "$status" = 0 ] || [ "$command" = 'current --check-heads' ]
        uncalled
    done
    printf 'CREATE TABLE public.a (id pg_catalog.int4, b pg_catalog.text);\n' >schema.sql
    project 'version_table_schema = public' 'include_schemas = public'
    for command in dump 'diff --from database --to schema.sql' 'check --from database --to schema.sql' 'diff --from revisions --to database'; do
        cmig --json $command
        [ "$status" = 0 ] || [ "$status" = 3 ]
        uncalled
    done
}

@test "generated statements and dumps mean pg_catalog, whatever stands in front of it" {
    sql 'CREATE SCHEMA h;
         CREATE FUNCTION h.length(text) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 0 $$;
         CREATE FUNCTION h.max(int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 0 $$;
         CREATE FUNCTION h.greater(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT false $$;
         CREATE OPERATOR h.> (LEFTARG = int, RIGHTARG = int, FUNCTION = h.greater);
         CREATE DOMAIN h.text AS pg_catalog.int4'
    sql "ALTER DATABASE $DB SET search_path = h, pg_catalog, public"
    project 'schema = schema.sql' 'include_schemas = public'
    printf '%s\n' 'SET search_path = pg_catalog;' 'CREATE TABLE public.t (id int, n text CHECK (length(n) > 0));' \
        'CREATE VIEW public.w AS SELECT length(n) FROM public.t;' >schema.sql
    ok revision --autogenerate -m one
    ok upgrade head
    ok check
    sql "INSERT INTO public.t VALUES (5, 'five')"
    sed -i 's/id int,/id int GENERATED ALWAYS AS IDENTITY,/; s/n text/n varchar(9)/' schema.sql
    ok revision --autogenerate -m two
    lacks "$(cat migrations/versions/*_two.sql)" ' USING '
    ok upgrade head
    ok check
    ok check --revisions
    ok drift
    sql "INSERT INTO public.t (n) VALUES ('next')"
    sql_is "SELECT pg_catalog.string_agg(id || n, ' ' ORDER BY id) FROM public.t" '5five 6next'
    ok dump
    lacks "$out" 'h.length' 'h.text'
    has "$out" 'SET search_path = h, public;'
}

@test "a plan quotes the names of a search_path that start-up options leave without quotes" {
    echo 'CREATE TABLE public.t (a int);' >schema.sql
    # shellcheck disable=SC2016 # the server's variable
    PGOPTIONS='-c search_path=$user,PUBLIC,pg_catalog' ok diff --from database --to schema.sql
    has "$out" 'SET search_path = "$user", public;'
}

@test "a script of --sql calls none of it either" {
    hostile_schema
    rev aaa '' 'CREATE TABLE public.a (id pg_catalog.int4);' 'DROP TABLE public.a;'
    rev bbb aaa 'CREATE INDEX CONCURRENTLY i ON public.a (id);' 'DROP INDEX CONCURRENTLY public.i;' 'transaction: false'
    for range in 'upgrade head' 'downgrade bbb:base'; do
        "$CMIG" $range --sql >script.sql
        "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$DB" -f script.sql
        uncalled
    done
}

@test "Alembic's table, whose column invites other operators, is read and written as it is" {
    hostile_schema
    project 'version_table = alembic_version' 'version_table_schema = public'
    sql 'CREATE TABLE public.alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)'
    chain
    sed -i 's/TABLE \(.\) (id int)/TABLE public.\1 (id pg_catalog.int4)/; s/DROP TABLE /DROP TABLE public./' migrations/versions/*.sql
    for command in 'upgrade head' 'downgrade -1' 'stamp head' 'stamp bbb' current 'downgrade base'; do
        ok $command
        uncalled
    done
}

# A stranger, who may create in the schema of the database as anybody could up to PostgreSQL 14.
stranger() {
    fresh_role
    sql "GRANT CREATE, USAGE ON SCHEMA public TO $ROLE;
         CREATE TABLE public.stolen (who text); GRANT INSERT ON public.stolen TO PUBLIC"
}
as_stranger() { sql "SET ROLE $ROLE; $1"; }
not_stolen() { same "$(sql 'SELECT count(*) FROM public.stolen')" 0; }

TRAP="CREATE FUNCTION public.steal() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.stolen VALUES (current_user); RETURN NEW; END'"

@test "a version table that a stranger has made is not used, and the hint works" {
    stranger
    project
    rev aaa '' 'CREATE TABLE public.a (id int);' 'DROP TABLE public.a;'
    as_stranger "CREATE TABLE public.cmig_version (version_num text NOT NULL PRIMARY KEY); $TRAP;
                 CREATE TRIGGER t BEFORE INSERT ON public.cmig_version FOR EACH ROW EXECUTE FUNCTION public.steal()"
    for command in 'upgrade head' 'stamp head' ensure-version current log status 'history -i'; do
        fails 1 $command
        err_has "table public.cmig_version is owned by \"$ROLE\"" 'hint: if you trust that role, run cmig as' \
            "ALTER TABLE public.cmig_version OWNER TO postgres"
        err_lacks CONTEXT SQLSTATE
        not_stolen
    done
    sql 'ALTER TABLE public.cmig_version OWNER TO postgres'
    fails 1 upgrade head
    err_has "table public.cmig_version has the trigger \"t\", whose function is owned by \"$ROLE\"" \
        'DROP TRIGGER t ON public.cmig_version'
    not_stolen
    sql 'DROP TRIGGER t ON public.cmig_version'
    ok upgrade head
    not_stolen
}

@test "a script of --sql does not use a stranger's version table" {
    stranger
    project
    rev aaa '' 'CREATE TABLE public.a (id int);' 'DROP TABLE public.a;'
    as_stranger "CREATE TABLE public.cmig_version (version_num text NOT NULL PRIMARY KEY); $TRAP;
                 CREATE TRIGGER t BEFORE INSERT ON public.cmig_version FOR EACH ROW EXECUTE FUNCTION public.steal()"
    for command in 'upgrade head --sql' 'stamp head --sql' 'stamp head --purge --sql' 'ensure-version --sql'; do
        "$CMIG" $command >script
        run "$PSQL" -X -v ON_ERROR_STOP=1 -d "$DB" -f script
        [ "$status" -ne 0 ]
        has "$output" "table public.cmig_version is owned by \"$ROLE\"" 'HINT:  if you trust that role'
        not_stolen
        same "$(sql "SELECT to_regclass('public.a'), (SELECT count(*) FROM public.cmig_version)")" '|0'
    done
    sql 'DROP TABLE public.cmig_version'
    "$CMIG" upgrade head --sql >script
    "$PSQL" -X -v ON_ERROR_STOP=1 -d "$DB" -f script
    "$CMIG" downgrade aaa:base --sql >script
    "$PSQL" -X -v ON_ERROR_STOP=1 -d "$DB" -f script
    not_stolen
}

@test "a log table, a table of steps and a view of their names are not used either" {
    stranger
    project
    rev aaa '' 'CREATE TABLE public.a (id int);' 'DROP TABLE public.a;'
    rev bbb aaa 'VACUUM public.a;' '' 'transaction: false'
    as_stranger "$TRAP; CREATE TABLE public.cmig_log (id int)"
    fails 1 upgrade head
    err_has 'table public.cmig_log is owned by'
    sql 'DROP TABLE public.cmig_log'
    as_stranger 'CREATE TABLE public.cmig_version_steps (id int)'
    fails 1 upgrade head
    err_has 'table public.cmig_version_steps is owned by'
    sql 'DROP TABLE public.cmig_version_steps'
    as_stranger "CREATE FUNCTION public.peek() RETURNS text LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.stolen VALUES (current_user); RETURN NULL; END';
                 CREATE VIEW public.cmig_version AS SELECT public.peek() AS version_num"
    fails 1 current
    err_has 'is owned by'
    sql 'ALTER VIEW public.cmig_version OWNER TO postgres'
    fails 1 current
    err_has 'public.cmig_version has the name of a cmig table, but is not a table' 'set version_table'
    not_stolen
    sql 'DROP VIEW public.cmig_version'
    ok upgrade head
    not_stolen
}

@test "a rule on the version table is told" {
    project
    rev aaa '' 'CREATE TABLE public.a (id int);' 'DROP TABLE public.a;'
    ok ensure-version
    sql 'CREATE RULE r AS ON INSERT TO public.cmig_version DO INSTEAD NOTHING'
    fails 1 upgrade head
    err_has 'table public.cmig_version has the rule "r"' 'DROP RULE r ON public.cmig_version'
    sql 'DROP RULE r ON public.cmig_version'
    ok upgrade head
}

@test "tables of a role that the user is a member of, of the owner of the database and of superusers are used" {
    stranger
    project
    chain
    as_stranger 'CREATE TABLE public.cmig_version (version_num text NOT NULL PRIMARY KEY)'
    sql "ALTER DATABASE $DB OWNER TO $ROLE"
    ok upgrade aaa
    sql "ALTER DATABASE $DB OWNER TO postgres"
    fails 1 upgrade bbb
    sql "GRANT ALL ON cmig_log, cmig_version TO $ROLE; GRANT ALL ON SCHEMA public TO $ROLE"
    PGUSER=$ROLE ok upgrade bbb # the log table is a superuser's
}

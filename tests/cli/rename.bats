#!/usr/bin/env bats
# Renames that the schema source declares: -- cmig:rename OLD TO NEW.
load helper

setup() {
    fresh_folder
    fresh_database
    project 'schema = schema.sql'
}

schema() { printf '%s\n' "$@" >schema.sql; }

generate() {
    ok revision --autogenerate -m "$1" --rev-id "$1"
    ok upgrade head
    ok check
}

users='CREATE TABLE users (id serial PRIMARY KEY, mail text NOT NULL UNIQUE, n int CHECK (n > 0));'

@test "a table and a column keep their rows, and what is named after them follows" {
    schema "$users"
    generate r1
    sql "INSERT INTO users (mail) VALUES ('a'), ('b')"
    schema '-- cmig:rename users TO people' \
        'CREATE TABLE people (id serial PRIMARY KEY,' \
        '    email text NOT NULL UNIQUE, -- cmig:rename people.mail TO people.email' \
        '    n int CHECK (n > 0));'
    ok diff --summary
    # From server 18 on NOT NULL has a name that follows, too.
    same "$(grep -v '^alter column public.people.[a-z]*$' <<<"$out")" "$(printf 'rename %s\n' 'table public.users' 'sequence public.users_id_seq' \
        'column public.people.mail' 'constraint public.people.users_mail_key' 'constraint public.people.users_n_check' \
        'constraint public.people.users_pkey')"
    generate r2
    sql_is "SELECT string_agg(id || email, ' ' ORDER BY id) FROM people" '1a 2b'
    sql "INSERT INTO people (email) VALUES ('c')"
    ok downgrade r1
    sql_is "SELECT string_agg(id || mail, ' ' ORDER BY id) FROM users" '1a 2b 3c'
}

@test "types, functions, indexes and views" {
    schema "CREATE TYPE mood AS ENUM ('a');" 'CREATE TABLE t (m mood);' 'CREATE INDEX i ON t (m);' \
        "CREATE FUNCTION f(x mood) RETURNS int LANGUAGE sql AS 'SELECT 1';" 'CREATE VIEW v AS SELECT m FROM t;'
    generate r1
    sql "INSERT INTO t VALUES ('a')"
    schema "-- cmig:rename mood TO feeling" "CREATE TYPE feeling AS ENUM ('a');" 'CREATE TABLE t (m feeling);' \
        '-- cmig:rename i TO j' 'CREATE INDEX j ON t (m);' '-- cmig:rename v TO w' 'CREATE VIEW w AS SELECT m FROM t;' \
        '-- cmig:rename f TO g' "CREATE FUNCTION g(x feeling) RETURNS int LANGUAGE sql AS 'SELECT 1';"
    generate r2
    has "$(cat migrations/versions/r2_r2.sql)" 'ALTER TYPE public.mood RENAME TO feeling;' 'ALTER INDEX public.i RENAME TO j;' \
        'ALTER VIEW public.v RENAME TO w;' 'RENAME TO g;'
    lacks "$(cat migrations/versions/r2_r2.sql)" DROP CREATE
    sql_is 'SELECT m FROM w' a
}

@test "an index, a constraint or a serial sequence that differs only in its name is renamed without a mark, both ways" {
    schema 'CREATE TABLE t (id serial, a int CONSTRAINT few CHECK (a < 9), CONSTRAINT k PRIMARY KEY (id));' 'CREATE INDEX i ON t (a);' \
        'CREATE TABLE u (id int CONSTRAINT f REFERENCES t);' 'CREATE UNIQUE INDEX "U" ON u (id);'
    generate r1
    sql "INSERT INTO t (a) VALUES (1); INSERT INTO u VALUES (1)"
    schema 'CREATE TABLE t (id serial, a int CONSTRAINT fewer CHECK (a < 9), CONSTRAINT t_pk PRIMARY KEY (id));' 'CREATE INDEX j ON t (a);' \
        'ALTER SEQUENCE t_id_seq RENAME TO numbers;' \
        'CREATE TABLE u (id int CONSTRAINT fk REFERENCES t);' 'CREATE UNIQUE INDEX "U 2" ON u (id);'
    local indexes="SELECT string_agg(indexrelid::text, ' ' ORDER BY indexrelid) FROM pg_index WHERE indrelid IN ('t'::regclass, 'u'::regclass)"
    local before
    before=$(sql "$indexes")
    generate r2
    has "$(cat migrations/versions/r2_r2.sql)" 'ALTER INDEX public.i RENAME TO j;' 'RENAME CONSTRAINT few TO fewer;' \
        'RENAME CONSTRAINT k TO t_pk;' 'RENAME CONSTRAINT f TO fk;' 'ALTER INDEX public."U" RENAME TO "U 2";' \
        'ALTER SEQUENCE public.t_id_seq RENAME TO numbers;'
    lacks "$(cat migrations/versions/r2_r2.sql)" DROP CREATE
    sql_is "$indexes" "$before"
    ok downgrade r1
    sql_is "$indexes" "$before"
    sql_is "SELECT concat_ws(' ', t, u) FROM t, u" '(1,1) (1)'
}

@test "what a partition or an inheriting table has from above is renamed there" {
    schema 'CREATE TABLE p (id int, a int CONSTRAINT few CHECK (a < 9)) PARTITION BY LIST (id);' \
        'CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);' 'CREATE TABLE i (a int CHECK (a > 0));' 'CREATE TABLE j (b int) INHERITS (i);'
    generate r1
    ok upgrade head
    sql 'INSERT INTO p VALUES (1, 2); INSERT INTO j VALUES (3, 4)'
    schema '-- cmig:rename p TO parted' '-- cmig:rename i.a TO i.c' \
        'CREATE TABLE parted (id int, a int CONSTRAINT fewer CHECK (a < 9)) PARTITION BY LIST (id);' \
        'CREATE TABLE p1 PARTITION OF parted FOR VALUES IN (1);' 'CREATE TABLE i (c int CHECK (c > 0));' 'CREATE TABLE j (b int) INHERITS (i);'
    generate r2
    lacks "$(cat migrations/versions/r2_r2.sql)" DROP
    ok upgrade head
    ok check
    sql_is "SELECT concat_ws(' ', parted, j) FROM parted, j" '(1,2) (3,4)'
    ok downgrade -1
    sql_is "SELECT concat_ws(' ', p, j) FROM p, j" '(1,2) (3,4)'
}

@test "without the mark nothing is guessed, and a mark that is done is nothing" {
    schema "$users"
    generate r1
    schema 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, n int CHECK (n > 0));'
    ok diff --summary
    out_has 'drop column public.users.mail' 'create column public.users.email'
    schema '-- cmig:rename users.mail TO users.email' 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, n int CHECK (n > 0));'
    generate r2
    ok diff
    err_is 'nothing differs'
}

@test "a mark that can mean several, or is none, is an error with its place" {
    schema 'CREATE TABLE a (x int);' 'CREATE TABLE b (x int);'
    generate r1
    schema 'CREATE TABLE a (y int);' 'CREATE TABLE b (y int);' '-- cmig:rename x TO y'
    fails 1 diff
    err_has 'schema.sql:3: error: "x" can be column public.a.x or column public.b.x' 'write more of both names'
    schema 'CREATE TABLE a (x int);' '-- cmig:rename x'
    fails 1 diff
    err_has 'schema.sql:2: error: this is not "-- cmig:rename OLD TO NEW"'
}

# As somebody at a terminal, who answers.
at_terminal() { printf '%s\n' "$1" | TERM=xterm script -qec "$CMIG ${*:2}" /dev/null | tr -d '\r'; }

@test "on a terminal it asks where one column went and one of the same shape came" {
    needs_terminal
    schema 'CREATE TABLE t (a int, b text);'
    generate r1
    schema 'CREATE TABLE t (x int, b text);'
    at_terminal y diff >shown
    grep -qF 'Was the column public.t.a renamed to public.t.x? [y/N]' shown
    grep -qF 'ALTER TABLE public.t RENAME COLUMN a TO x;' shown
    at_terminal n diff >shown
    grep -qF 'ALTER TABLE public.t DROP COLUMN a;' shown
    schema 'CREATE TABLE t (x int, y int, b text);'
    at_terminal y diff >shown
    ! grep -qF 'renamed' shown
}

@test "a mark that names nothing is an error, and not a dropped column" {
    schema 'CREATE TABLE a (x int);'
    generate r1
    schema 'CREATE TABLE a (y int); -- cmig:rename a.q TO a.y'
    fails 1 diff
    err_has 'schema.sql:1: error: nothing is called "a.q" there and "a.y" here'
    schema 'CREATE TABLE a (y int); -- cmig:renam a.x TO a.y'
    fails 1 diff
    err_has 'this is not "-- cmig:rename OLD TO NEW"'
    schema 'CREATE TABLE a (y int); --cmig:rename a.x TO a.y'
    ok diff
    out_is 'ALTER TABLE public.a RENAME COLUMN x TO y;'
}

@test "a mark is seen behind quotes in comments and behind strings with backslashes, and inside a statement" {
    schema 'CREATE TABLE a (x text, n int, o int);'
    generate r1
    sql "INSERT INTO a VALUES ('one', 2, 3)"
    schema "/* the users' table */" \
        "CREATE TABLE a (y text DEFAULT E'it\\'s', -- cmig:rename a.x TO a.y" \
        '-- cmig:rename a.n TO a.m' \
        "m int DEFAULT length(\$q\$it's\$q\$), /* x -- */ -- CMIG:rename a.n TO a.nowhere" \
        'o int);'
    fails 1 diff
    err_has 'schema.sql:4: error: this is not "-- cmig:rename OLD TO NEW"'
    sed -i 's/ -- CMIG:.*//' schema.sql
    ok diff --summary
    out_is "rename column public.a.n
rename column public.a.x
create default public.a.m
create default public.a.y"
    generate r2
    sql_is 'SELECT y || m || o FROM a' 'one23'
}

@test "a comment inside a string, a body or a quoted name is no mark" {
    schema 'CREATE TABLE a (x int);'
    generate r1
    schema "CREATE TABLE a (x int); COMMENT ON TABLE a IS '" '-- cmig:rename a.x TO a.y' "';" \
        'CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $f$ SELECT 1::text' '-- cmig:renam a.x' '$f$;' \
        '/*' '-- cmig:rename a.x TO a.z' '*/' 'CREATE TABLE "b' '-- cmig:rename c TO d' '" (x int);'
    ok diff --summary
    err_is ''
}

everything() {
    cat <<'EOT'
CREATE SCHEMA app;
CREATE TABLE app.x (id int PRIMARY KEY);
CREATE VIEW app.y AS SELECT 1 AS a;
CREATE TYPE st AS ENUM ('a', 'b');
CREATE TYPE co AS (a int, b text);
CREATE DOMAIN po AS int CHECK (VALUE > 0);
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail text UNIQUE, s st, c co, d po);
CREATE TABLE posts (id serial PRIMARY KEY, uid bigint REFERENCES users, body text);
CREATE TABLE "a TO b" (x int, "y""z" text);
CREATE SEQUENCE sq;
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a;
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER tg AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION tf();
CREATE POLICY pl ON users USING (true);
EOT
}

renamed() {
    sed 's/app/core/; s/\bst\b/state/; s/\bco\b/pair/; s/DOMAIN po\b/DOMAIN positive/; s/ po)/ positive)/; s/\bmail\b/email/; s/posts/articles/; s/a TO b/c TO "" d/; s/\bsq\b/counter/
        s/\bmv\b/mw/; s/ f(/ g(/; s/\btg\b/th/; s/\bpl\b/pm/; s/body text/body text, more int/'
}

@test "a plan says how to declare what may be a rename, and its lines work as they are" {
    everything >schema.sql
    generate r1
    sql "INSERT INTO users (mail, s, c, d) VALUES ('m', 'b', ROW(1, 'x'), 3); INSERT INTO posts (uid, body) VALUES (1, 'text');
        INSERT INTO \"a TO b\" VALUES (7, 'q'); INSERT INTO app.x VALUES (5); SELECT nextval('sq'), nextval('sq')"
    everything | renamed >schema.sql
    ok diff
    grep -o -- '-- cmig:rename .*' <<<"$out" | sort >lines
    same "$(cat lines)" "$(sort <<'EOT'
-- cmig:rename app TO core
-- cmig:rename public."a TO b" TO public."c TO "" d"
-- cmig:rename public.co TO public.pair
-- cmig:rename public.f(integer) TO public.g(integer)
-- cmig:rename public.mv TO public.mw
-- cmig:rename public.po TO public.positive
-- cmig:rename public.posts TO public.articles
-- cmig:rename public.sq TO public.counter
-- cmig:rename public.st TO public.state
-- cmig:rename public.users.mail TO public.users.email
-- cmig:rename public.users.pl TO public.users.pm
-- cmig:rename public.users.tg TO public.users.th
EOT
)"
    out_has '-- if it was renamed, add this line to the schema source: -- cmig:rename public.posts TO public.articles'
    cat lines >>schema.sql
    ok revision --autogenerate -m r2 --rev-id r2
    has "$(cat migrations/versions/r2_r2.sql)" 'ALTER DOMAIN public.positive RENAME CONSTRAINT po_check TO positive_check;'
    lacks "$(sed '/cmig:downgrade/,$d' migrations/versions/r2_r2.sql)" DROP CREATE
    ok upgrade head
    ok check
    sql_is "SELECT concat_ws(' ', email, s, c, d, body, x, u.id, p.id, (TABLE core.x), nextval('counter')) FROM users u, articles p, \"c TO \"\" d\"" \
        'm b (1,x) 3 text 7 1 1 5 3'
    ok downgrade r1
    sql_is "SELECT concat_ws(' ', mail, s, c, d, body, x, (TABLE app.x), nextval('sq')) FROM users, posts, \"a TO b\"" 'm b (1,x) 3 text 7 5 4'
}

@test "the line for a rename is a comment in a revision, also in parts for --online" {
    schema "$users" 'CREATE INDEX i ON users (n);'
    generate r1
    schema 'CREATE TABLE people (id serial PRIMARY KEY, mail text NOT NULL UNIQUE, n int CHECK (n > 0));' 'CREATE INDEX i ON people (n);'
    ok revision --autogenerate --online -m r2 --rev-id r2
    has "$(cat migrations/versions/r2_r2*)" 'schema source: -- cmig:rename public.users TO public.people'
    ok upgrade head
    ok check
}

@test "there is no line where it is not clear which one was renamed, or no source to write it into" {
    schema 'CREATE TABLE a (x int, y text);' 'CREATE TABLE b (x int, y text);' 'CREATE TABLE t (x int);'
    generate r1
    schema 'CREATE TABLE c (x int, y text);' 'CREATE TABLE t (y text);'
    ok diff
    out_lacks cmig:rename
    schema 'CREATE TABLE a (x int, y text);' 'CREATE TABLE b (x int, y text);' 'CREATE TABLE u (x int);'
    ok diff
    out_has cmig:rename
    ok diff --from schema --to database
    out_lacks cmig:rename
}

@test "columns of one type get a line each, in their order, with the names to choose from" {
    schema 'CREATE TABLE t (first_seen date, last_seen date, note text);' 'CREATE TYPE ct AS (a int, b int);' 'CREATE TABLE u (c ct);'
    generate r1
    sql "INSERT INTO t VALUES ('2001-01-01', '2002-02-02', 'n'); INSERT INTO u VALUES (ROW(1, 2))"
    schema 'CREATE TABLE t (since date, until date, note text);' 'CREATE TYPE ct AS (x int, y int);' 'CREATE TABLE u (c ct);'
    ok diff
    out_has '-- if it was renamed, add this line to the schema source, with the right new name (since or until): -- cmig:rename public.t.first_seen TO public.t.since'
    grep -o -- '-- cmig:rename .*' <<<"$out" | sort >lines
    same "$(cat lines)" "$(sort <<'EOT'
-- cmig:rename public.ct.a TO public.ct.x
-- cmig:rename public.ct.b TO public.ct.y
-- cmig:rename public.t.first_seen TO public.t.since
-- cmig:rename public.t.last_seen TO public.t.until
EOT
)"
    cat lines >>schema.sql
    generate r2
    sql_is 'SELECT since, until, (c).x, (c).y FROM t, u' '2001-01-01|2002-02-02|1|2'
    ok downgrade r1
    sql_is 'SELECT first_seen, last_seen, (c).a, (c).b FROM t, u' '2001-01-01|2002-02-02|1|2'
    schema 'CREATE TABLE t (since date, note text);' 'CREATE TYPE ct AS (a int, b int);' 'CREATE TABLE u (c ct);'
    ok diff
    out_lacks cmig:rename
    schema 'CREATE TABLE t (v date, first_seen date, w date, "x
y" date, z date, note text);' 'CREATE TYPE ct AS (a int, b int);' 'CREATE TABLE u (c ct);'
    ok diff
    out_has 'schema source, with the right new name: -- cmig:rename public.t.last_seen TO public.t.v'
}

@test "an index whose new name is still taken is created again, and the declared rename is done" {
    schema 'CREATE TABLE t (a int, b int);' 'CREATE INDEX one ON t (a);' 'CREATE TABLE u (x int);' 'CREATE INDEX two ON u (x);'
    generate r1
    sql 'INSERT INTO t VALUES (1, 2)'
    schema '-- cmig:rename t.b TO t.c' 'CREATE TABLE t (a int, c int);' 'CREATE INDEX two ON t (a);'
    generate r2
    sql_is 'SELECT a, c FROM t' '1|2'
    ok downgrade r1
    sql_is 'SELECT a, b FROM t' '1|2'
    schema '-- cmig:rename t.b TO t.x' 'CREATE TABLE t (a int, c int);'
    fails 1 diff
}

@test "the sequences of two columns that exchange serial and identity are no rename" {
    printf '%s\n' 'CREATE TABLE t (id serial); CREATE TABLE u (id int GENERATED BY DEFAULT AS IDENTITY);' >one.sql
    printf '%s\n' 'CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY); CREATE TABLE u (id serial);' >two.sql
    ok diff --from one.sql --to two.sql
    out_has 'GENERATED BY DEFAULT AS IDENTITY'
    out_lacks cmig:rename
}

@test "marks that exchange two names are refused, because nothing shows whether they have run" {
    schema 'CREATE TABLE t (a int, b int);'
    generate r1
    sql 'INSERT INTO t VALUES (1, 2)'
    schema 'CREATE TABLE t (b int, a int);' '-- cmig:rename t.a TO t.b' '-- cmig:rename public.t.b TO public.t.a'
    fails 1 diff
    err_has 'schema.sql:2: error: the marks exchange names: "t.a" becomes "t.b", and the reverse' \
        'hint: remove these marks, and exchange the names in a revision that you write: rename one object to a third name first'
    schema 'CREATE TABLE t (b int, a int);'
    ok revision -m exchange --rev-id r2
    sed -i '/^-- cmig:upgrade$/,$d' migrations/versions/r2_exchange.sql
    printf '%s\n' '-- cmig:upgrade' 'ALTER TABLE t RENAME a TO c; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME c TO b;' >>migrations/versions/r2_exchange.sql
    ok upgrade head
    ok check
    sql_is 'SELECT a, b FROM t' '2|1'
}

-- remade: t.c t.cs t.o t.i
CREATE TYPE ct AS (a int, b text);
CREATE TYPE inserted AS (a int, c int);
CREATE TYPE outside AS (x ct, n int);
CREATE FUNCTION f(ct) RETURNS text LANGUAGE sql AS $$ SELECT ($1).b $$;
CREATE TABLE t (id int, c ct, cs ct[], o outside, i inserted);
CREATE VIEW v AS SELECT (c).a, f(c) AS b FROM t;
-- rows:
INSERT INTO t VALUES (1, ROW(7, 'x'), ARRAY[ROW(8, NULL)::ct, NULL], ROW(ROW(9, 'y'), 10), ROW(1, 3)), (2, NULL, '{}', NULL, NULL);
-- to:
CREATE TYPE ct AS (b text, a int);
CREATE TYPE inserted AS (a int, b int, c int);
CREATE TYPE outside AS (x ct, n int);
CREATE FUNCTION f(ct) RETURNS text LANGUAGE sql AS $$ SELECT ($1).b $$;
CREATE TABLE t (id int, c ct, cs ct[], o outside, i inserted, CHECK ((c).a <> 0), CHECK ((i).c = 3 OR i IS NULL));
CREATE VIEW v AS SELECT (c).a, f(c) AS b FROM t;

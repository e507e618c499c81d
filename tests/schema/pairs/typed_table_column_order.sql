-- remade: t.c
CREATE TYPE ct AS (a bigint, b text, c int);
CREATE TABLE t (id int, c int, CHECK (c > 0));
CREATE TABLE u (a bigint, b text);
-- rows:
INSERT INTO t VALUES (1, 2);
INSERT INTO u VALUES (1, 'x');
-- to:
CREATE TYPE ct AS (a bigint, b text, c int);
CREATE TABLE t OF ct (CHECK (c > 0));
CREATE TABLE u OF ct;

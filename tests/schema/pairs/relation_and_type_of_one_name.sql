-- remade: *
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a FROM t;
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE TABLE r (a int);
CREATE DOMAIN d AS int;
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE c AS (a int);
CREATE VIEW n AS SELECT a FROM t;
CREATE TABLE u (id int, v v, m m, r r, d d, e e, c c, n n, vs v[], ds d[]);
CREATE TYPE ct AS (x int, v v, r r, d d, c c, n n);
CREATE FUNCTION f(v v, m m, r r, d d, e e, c c) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN dv AS v[];
-- rows:
INSERT INTO t VALUES (1, 'x');
INSERT INTO r VALUES (7);
INSERT INTO u (id, r) VALUES (1, ROW(7)), (2, ROW(8));
-- to:
CREATE TABLE t (a int, b text);
CREATE DOMAIN v AS int;
CREATE TYPE m AS ENUM ('a', 'b');
CREATE TYPE r AS (a int);
CREATE VIEW d AS SELECT a FROM t;
CREATE MATERIALIZED VIEW e AS SELECT a FROM t;
CREATE VIEW c AS SELECT a FROM t;
CREATE TABLE n (a int, b int);
CREATE TABLE u (id int, v v, m m, r r, d d, e e, c c, n n, vs v[], ds d[]);
CREATE TYPE ct AS (x int, v v, r r, d d, c c, n n);
CREATE FUNCTION f(v v, m m, r r, d d, e e, c c) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN dv AS v[];

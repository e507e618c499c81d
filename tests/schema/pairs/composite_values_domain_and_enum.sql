CREATE DOMAIN d AS int;
CREATE DOMAIN w AS int;
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TYPE ct AS (d d, w w, e e, s text);
CREATE TABLE t (c ct, cs ct[], e e[], k e PRIMARY KEY);
-- rows:
INSERT INTO t VALUES (ROW(1, 2, 'b', 'x'), ARRAY[ROW(3, 4, 'a', 'y')::ct], '{a,b,NULL}', 'b');
-- to:
CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE DOMAIN w AS bigint;
CREATE TYPE e AS ENUM ('b', 'a');
CREATE TYPE ct AS (d d, w w, e e, s text COLLATE "C");
CREATE TABLE t (c ct, cs ct[], e e[], k e PRIMARY KEY);

-- server: 14
-- A sequence and a type may have one name, but the sequence cannot be created after the type.
CREATE DOMAIN a AS text;
CREATE SEQUENCE b;
CREATE TYPE c AS ENUM ('x');
CREATE SEQUENCE g;
CREATE TYPE g AS ENUM ('x');
CREATE TABLE t (a a, c c, g g);
-- rows:
SELECT nextval('b'), nextval('b'), nextval('g');
INSERT INTO t VALUES ('x', 'x', 'x');
-- to:
CREATE SEQUENCE a;
CREATE DOMAIN a AS text;
CREATE SEQUENCE b;
CREATE TYPE b AS ENUM ('y');
CREATE SEQUENCE c;
CREATE TYPE c AS ENUM ('y', 'x');
CREATE SEQUENCE d AS smallint CACHE 5;
CREATE TYPE d AS RANGE (SUBTYPE = int);
CREATE TABLE t (a a, c c, id serial);

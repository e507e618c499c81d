-- empty
-- remade: t.d
CREATE TYPE a AS ENUM ('x', 'y');
CREATE DOMAIN b AS int;
CREATE TYPE c AS (p int);
CREATE TYPE d AS RANGE (subtype = int4);
CREATE TABLE t (a a, b b[], c c, d d);
-- to:
CREATE DOMAIN a AS text CHECK (VALUE <> 'z');
CREATE TYPE b AS (p int);
CREATE TYPE c AS ENUM ('x');
CREATE TABLE d (i int);
CREATE TABLE t (a a, b b[], c c, d d);

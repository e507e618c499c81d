CREATE TYPE c AS (x int, y text);
CREATE TABLE t (a c, b int);
CREATE TABLE u (a c);
-- to:
CREATE TYPE c AS (x int, y text, z date);
CREATE TABLE t (a text, b int);
CREATE TABLE u (a c);

CREATE TYPE c AS (x int, y text);
CREATE TABLE t (a c, b c[]);
-- to:
CREATE TYPE c AS (x int, y text, z date);
CREATE TABLE t (a c, b c[]);

CREATE TABLE t (a int);
-- to:
CREATE TYPE c AS (x int, y text COLLATE "C", z numeric(5,2)[]);
CREATE TYPE nothing AS ();
CREATE TABLE t (a int, b c);

CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0), b int DEFAULT 3, c varchar(10), gone int, n int NOT NULL);
CREATE INDEX i ON t (a, b);
CREATE INDEX j ON t ((a + b)) WHERE n > 0;
CREATE VIEW v AS SELECT a, b FROM t;
CREATE TABLE above (x int, y int);
CREATE TABLE below (z int) INHERITS (above);
CREATE INDEX k ON below (x, z);
CREATE TABLE u (t int REFERENCES t, e text);
-- to:
CREATE UNLOGGED TABLE t (id bigint PRIMARY KEY, a bigint CHECK (a > 0), b text DEFAULT '3', c varchar(20), n bigint NOT NULL, e float8 DEFAULT random(), f int);
CREATE INDEX i ON t (a, b);
CREATE INDEX j ON t ((a + length(b))) WHERE n > 0;
CREATE VIEW v AS SELECT a, b FROM t;
CREATE TABLE above (x bigint, y bigint);
CREATE TABLE below (z bigint) INHERITS (above);
CREATE INDEX k ON below (x, z);
CREATE UNLOGGED TABLE u (t bigint REFERENCES t, e text);

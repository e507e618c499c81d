-- server: 14
CREATE TABLE t (a int, b int);
CREATE STATISTICS s ON (a + b) FROM t;
-- to:
CREATE TABLE t (a bigint, b int);
CREATE STATISTICS s ON (a + b), (a * 2) FROM t;

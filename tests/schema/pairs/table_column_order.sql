CREATE TABLE t (a int, b int, c int);
-- to:
CREATE TABLE t (c int, b int, a int, d int);

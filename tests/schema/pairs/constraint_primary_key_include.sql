CREATE TABLE t (a int PRIMARY KEY, b int, c int, UNIQUE (b));
-- to:
CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a) INCLUDE (c), UNIQUE (b) INCLUDE (a, c));

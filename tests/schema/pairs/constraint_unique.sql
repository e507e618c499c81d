CREATE TABLE t (a int, b int, c int, UNIQUE (a), CONSTRAINT un UNIQUE (b));
-- to:
CREATE TABLE t (a int, b int, c int, CONSTRAINT un UNIQUE (b, c), UNIQUE (c));

-- remade: t.c
CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a * 2) STORED);
-- to:
CREATE TABLE t (a int, c int);

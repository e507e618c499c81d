-- server: 18
-- remade: t.c
CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a * 2) STORED, e int GENERATED ALWAYS AS (a + 1) VIRTUAL);
-- to:
CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a * 2) VIRTUAL, d int GENERATED ALWAYS AS (a + 9) VIRTUAL, e int GENERATED ALWAYS AS (a + 2) VIRTUAL);

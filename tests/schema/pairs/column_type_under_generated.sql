-- remade: t.g
CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a + b) STORED);
CREATE INDEX t_g ON t (g);
-- to:
CREATE TABLE t (a bigint, b int, g bigint GENERATED ALWAYS AS (a + b) STORED);
CREATE INDEX t_g ON t (g);

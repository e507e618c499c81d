-- The new column has the name of the NOT NULL of a column that cannot be dropped before it.
-- server: 18
-- remade: t.n
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL DEFAULT 1, g int GENERATED ALWAYS AS (n + 1) STORED);
-- to:
CREATE TABLE t (id int PRIMARY KEY, m int CONSTRAINT t_n_not_null NOT NULL DEFAULT 2, g int GENERATED ALWAYS AS (m + 1) STORED);

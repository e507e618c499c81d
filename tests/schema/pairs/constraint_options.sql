CREATE TABLE t (a int PRIMARY KEY WITH (fillfactor = 70), b int UNIQUE);
-- to:
CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE WITH (fillfactor = 50));

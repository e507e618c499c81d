-- empty
CREATE TABLE t (a int, b int NOT NULL);
-- to:
CREATE TABLE t (a int NOT NULL, b int);

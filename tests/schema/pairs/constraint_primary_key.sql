CREATE TABLE t (a int NOT NULL, b int NOT NULL);
CREATE TABLE u (a int PRIMARY KEY, b int);
-- to:
CREATE TABLE t (a int NOT NULL PRIMARY KEY, b int NOT NULL);
CREATE TABLE u (a int NOT NULL, b int);

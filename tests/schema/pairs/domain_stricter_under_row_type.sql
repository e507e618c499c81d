-- remade: dm
CREATE DOMAIN dm AS int;
CREATE TABLE t (x dm, y int NOT NULL);
CREATE TABLE u (r t, n int);
-- rows:
INSERT INTO t VALUES (1, 2), (3, 4);
INSERT INTO u VALUES (ROW(5, 6), 7), (ROW(8, NULL), 9);
-- to:
CREATE DOMAIN dm AS int CONSTRAINT dm_check CHECK (VALUE > 0);
CREATE TABLE t (x dm, y int NOT NULL);
CREATE TABLE u (r t, n int);

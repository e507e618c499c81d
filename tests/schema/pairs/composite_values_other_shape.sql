-- remade: t.c t.d t.e t.f
CREATE TYPE ct AS (a int, b text, gone date);
CREATE TYPE outside AS (x ct, y ct[]);
CREATE TABLE t (id int, c ct, d ct[], e outside, f outside[]);
-- rows:
INSERT INTO t VALUES (1, ROW(7, 'x', NULL), ARRAY[ROW(8, NULL, NULL)::ct, NULL], ROW(ROW(1, 'y', NULL), ARRAY[ROW(2, '"q\', NULL)::ct]), NULL),
    (2, ROW(NULL, NULL, NULL), '{}', NULL, ARRAY[ROW(ROW(1, 'y', NULL), ARRAY[ROW(2, 'z', NULL)::ct])::outside]), (3, NULL, NULL, NULL, NULL);
-- to:
CREATE TYPE ct AS (a bigint, made numeric, b text);
CREATE TYPE outside AS (x ct, y ct[]);
CREATE TABLE t (id int, c ct, d ct[], e outside, f outside[], CHECK ((c).made IS NULL));

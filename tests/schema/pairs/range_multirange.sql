-- server: 14
CREATE TABLE t (a int);
-- to:
CREATE TYPE r AS RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = many);
CREATE TABLE t (a int, b many, c int4multirange);

-- remade: v
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
-- to:
CREATE TABLE t (a int);
CREATE TABLE v (a int, b int);

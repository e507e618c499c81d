-- remade: t
CREATE TABLE s (a int);
CREATE TABLE t (a int);
-- to:
CREATE TABLE s (a int);
CREATE VIEW t AS SELECT a FROM s;

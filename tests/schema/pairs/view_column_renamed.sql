CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a AS x FROM t;
-- to:
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a AS y FROM t;

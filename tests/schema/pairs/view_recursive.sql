CREATE TABLE t (a int, up int);
-- to:
CREATE TABLE t (a int, up int);
CREATE RECURSIVE VIEW v (a, depth) AS SELECT a, 0 FROM t WHERE up IS NULL UNION ALL SELECT t.a, v.depth + 1 FROM t JOIN v ON t.up = v.a;

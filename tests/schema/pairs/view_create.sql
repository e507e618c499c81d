CREATE TABLE t (a int, b text);
-- to:
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t WHERE a > 0;
CREATE VIEW w WITH (security_barrier) AS SELECT v.*, 1 AS one FROM v;

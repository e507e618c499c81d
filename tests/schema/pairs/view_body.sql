CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t;
-- to:
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t WHERE a > 10 UNION ALL SELECT 1, 'x';

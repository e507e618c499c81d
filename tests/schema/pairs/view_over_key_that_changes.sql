CREATE TABLE t (a int PRIMARY KEY, b text);
CREATE VIEW v AS SELECT a, b, count(*) AS n FROM t GROUP BY a;
-- to:
CREATE TABLE t (a int CONSTRAINT other PRIMARY KEY, b text);
CREATE VIEW v AS SELECT a, b, count(*) AS n FROM t GROUP BY a;

CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT total(a) AS s FROM t;
-- to:
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1');
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT total(a) AS s FROM t;

CREATE DOMAIN d AS varchar(10) CHECK (VALUE <> '');
CREATE TABLE t (a d, b int);
CREATE VIEW v AS SELECT a FROM t;
-- to:
CREATE TABLE t (a varchar(10), b int);
CREATE VIEW v AS SELECT a FROM t;

-- server: 15
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
-- to:
CREATE TABLE t (a int);
CREATE VIEW v WITH (security_invoker = true) AS SELECT a FROM t;

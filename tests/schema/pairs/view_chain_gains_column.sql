-- The view that is read comes later in the alphabet.
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT b FROM t;
CREATE VIEW z AS SELECT b FROM t;
CREATE VIEW y AS SELECT b FROM z;
-- rows:
INSERT INTO t VALUES (1, 2);
-- to:
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT b FROM t WHERE a > 0;
CREATE VIEW z AS SELECT b, a FROM t;
CREATE VIEW y AS SELECT b, a FROM z;

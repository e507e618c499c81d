CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE ct AS (a bigint, b text, c e);
CREATE TABLE t OF ct (PRIMARY KEY (a));
CREATE INDEX t_b ON t (b);
CREATE VIEW v AS SELECT b FROM t;
-- to:
CREATE TABLE t (a int);

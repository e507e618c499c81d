CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TYPE ct AS (a int, b text, c e);
CREATE TABLE t OF ct (PRIMARY KEY (a));
CREATE TABLE u OF ct;
CREATE TABLE s (c ct);
CREATE TYPE cu AS (a int, b text);
CREATE TABLE v OF cu;
CREATE TABLE plain OF cu;
-- rows:
INSERT INTO t VALUES (1, 'x', 'a');
INSERT INTO u VALUES (2, 'x', 'b');
INSERT INTO s VALUES (ROW(3, 'x', 'b'));
INSERT INTO v VALUES (1, 'x');
INSERT INTO plain VALUES (1, 'x');
-- to:
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE ct AS (a bigint, b text, c e);
CREATE TABLE t OF ct (PRIMARY KEY (a));
CREATE TABLE u OF ct;
CREATE TABLE s (c ct);
CREATE TYPE cu AS (a int, n int);
CREATE TABLE v OF cu;
CREATE TABLE plain (a int, b text, more int);

-- remade: c e
CREATE TYPE c AS (x int);
CREATE TABLE e (a int);
CREATE DOMAIN v AS int;
-- to:
CREATE TABLE c (x int);
CREATE TYPE e AS ENUM ('a');
CREATE TABLE t (a e);
CREATE VIEW v AS SELECT x FROM c;

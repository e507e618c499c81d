-- alone
-- loose
-- remade: u.c u.e ct
CREATE SEQUENCE r;
CREATE TYPE ct AS (r r, n int);
CREATE TABLE u (id int, c r, e ct);
CREATE TABLE w (id int, e ct);
-- rows:
INSERT INTO w VALUES (1, NULL);
-- to:
CREATE TABLE r (x bigint, y text);
CREATE TYPE ct AS (r r, n int);
CREATE TABLE u (id int, c r, e ct);
CREATE TABLE w (id int, e ct);

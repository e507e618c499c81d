-- empty
-- remade: e f g s.c u.c w.c typed typed.c
CREATE TABLE e (x int);
CREATE VIEW f AS SELECT 1 AS x;
CREATE VIEW g AS SELECT 1 AS x;
CREATE TYPE ce AS (a bigint, c e);
CREATE TYPE cf AS (a bigint, c f);
CREATE TYPE cg AS (a bigint, c g);
CREATE TABLE s (c ce);
CREATE TABLE u (c cf);
CREATE TABLE w (c cg[]);
CREATE TABLE typed OF ce;
-- rows:
INSERT INTO s VALUES (ROW(1, NULL));
INSERT INTO u VALUES (ROW(2, ROW(3)));
INSERT INTO w VALUES (ARRAY[ROW(4, NULL)::cg]);
-- to:
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE f AS (x int, y int);
CREATE VIEW g AS SELECT 'a' AS y;
CREATE TYPE ce AS (a bigint, c e);
CREATE TYPE cf AS (a bigint, c f);
CREATE TYPE cg AS (a bigint, c g);
CREATE TABLE s (c ce);
CREATE TABLE u (c cf);
CREATE TABLE w (c cg[]);
CREATE TABLE typed OF ce;

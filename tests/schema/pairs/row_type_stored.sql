-- remade: u.c u.d u.e w.u ll.l
CREATE TABLE r (x int, y text);
CREATE TYPE ct AS (r r, n int);
CREATE TABLE u (id int PRIMARY KEY, c r CHECK ((c).x > 0), d r[] DEFAULT '{}', e ct);
CREATE INDEX ON u (c);
CREATE VIEW v AS SELECT (c).x FROM u;
CREATE MATERIALIZED VIEW m AS SELECT c FROM u;
CREATE TABLE w (u u);
CREATE TABLE l (x int);
CREATE TABLE ll (l l);
-- rows:
INSERT INTO r VALUES (1, 'y');
INSERT INTO u VALUES (1, ROW(3, 'y'), ARRAY[ROW(4, 'z')::r, NULL], ROW(ROW(5, NULL), 6)), (2, NULL, '{}', NULL);
INSERT INTO w SELECT u FROM u;
INSERT INTO ll VALUES (ROW(1));
-- to:
CREATE TABLE r (x bigint, y text, z int);
CREATE TYPE ct AS (r r, n int);
CREATE TABLE u (id int PRIMARY KEY, c r CHECK ((c).x > 0), d r[] DEFAULT '{}', e ct);
CREATE INDEX ON u (c);
CREATE VIEW v AS SELECT (c).x FROM u;
CREATE MATERIALIZED VIEW m AS SELECT c FROM u;
CREATE TABLE w (u u);
CREATE UNLOGGED TABLE l (x int, g int DEFAULT 7);
CREATE TABLE ll (l l);

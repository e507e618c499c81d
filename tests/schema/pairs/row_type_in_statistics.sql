-- server: 14
-- remade: s t
CREATE TABLE c (id int, w int);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE d (x int, b bool);
CREATE FUNCTION mk(x int) RETURNS c LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN NULL; END';
CREATE STATISTICS s ON (x > 0 OR g(NULL::c)), b FROM d;
CREATE STATISTICS t ON (mk(x)), b FROM d;
-- rows:
INSERT INTO c VALUES (1, 10), (2, -20), (3, 30);
INSERT INTO d VALUES (1, true), (2, false);
-- to:
CREATE TABLE c (id int, w bigint);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE d (x int, b bool);
CREATE FUNCTION mk(x int) RETURNS c LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN NULL; END';
CREATE STATISTICS s ON (x > 0 OR g(NULL::c)), b FROM d;
CREATE STATISTICS t ON (mk(x)), b FROM d;

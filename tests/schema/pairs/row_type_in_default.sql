CREATE TABLE c (id int, w int);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE d (x int, b bool DEFAULT g(NULL), e bool DEFAULT g(ROW(1, 2)::c));
CREATE TABLE o (x int, b bool);
CREATE VIEW v AS SELECT x, b FROM o;
ALTER VIEW v ALTER b SET DEFAULT g(NULL);
-- rows:
INSERT INTO c VALUES (1, 10), (2, -20), (3, 30);
INSERT INTO d VALUES (1, false, false), (2, true, true);
-- to:
CREATE TABLE c (id int, w bigint);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE d (x int, b bool DEFAULT g(NULL), e bool DEFAULT g(ROW(1, 2)::c));
CREATE TABLE o (x int, b bool);
CREATE VIEW v AS SELECT x, b FROM o;
ALTER VIEW v ALTER b SET DEFAULT g(NULL);

-- remade: i p s
CREATE TABLE c (id int, w int);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE d (x int, b bool);
CREATE INDEX i ON d ((x > 0 OR g(NULL::c)), x);
CREATE INDEX p ON d (x) WHERE g(NULL::c);
CREATE INDEX own ON c (g(c));
COMMENT ON INDEX p IS 'partial';
-- rows:
INSERT INTO c VALUES (1, 10), (2, -20), (3, 30);
INSERT INTO d VALUES (1, true), (2, false);
-- to:
CREATE TABLE c (id int, w bigint);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE d (x int, b bool);
CREATE INDEX i ON d ((x > 0 OR g(NULL::c)), x);
CREATE INDEX p ON d (x) WHERE g(NULL::c);
CREATE INDEX own ON c (g(c));
COMMENT ON INDEX p IS 'partial';

-- remade: dm.dm_check dm
CREATE TABLE c (id int, w int);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE DOMAIN dm AS int CONSTRAINT dm_check CHECK (VALUE > 0 OR g(NULL::c));
COMMENT ON CONSTRAINT dm_check ON DOMAIN dm IS 'check';
CREATE TABLE d (x dm, y int);
-- rows:
INSERT INTO c VALUES (1, 10), (2, -20), (3, 30);
INSERT INTO d VALUES (1, 2), (-2, 3);
-- to:
CREATE TABLE c (id int, w bigint);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE DOMAIN dm AS int CONSTRAINT dm_check CHECK (VALUE > 0 OR g(NULL::c));
COMMENT ON CONSTRAINT dm_check ON DOMAIN dm IS 'check';
CREATE TABLE d (x dm, y int);

-- remade: dm nd dm.dm_check
CREATE TABLE c (id int, w int);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE DOMAIN dm AS int CONSTRAINT dm_check CHECK (VALUE > 0 OR g(NULL::c));
CREATE TYPE nd AS (a dm, b text);
CREATE TABLE d (x nd, y dm[]);
-- rows:
INSERT INTO c VALUES (1, 10), (2, -20), (3, 30);
INSERT INTO d VALUES (ROW(1, 'a'), '{1,2}'), (ROW(-3, 'b'), '{-2,3}');
-- to:
CREATE TABLE c (id int, w bigint);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE DOMAIN dm AS int CONSTRAINT dm_check CHECK (VALUE > 0 OR g(NULL::c));
CREATE TYPE nd AS (a dm, b text);
CREATE TABLE d (x nd, y dm[]);

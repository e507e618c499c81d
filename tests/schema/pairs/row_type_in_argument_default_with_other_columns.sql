-- empty
-- remade: p f c.x c.z
CREATE TABLE c (id int, x int, z text);
CREATE TYPE ct AS (a int);
CREATE PROCEDURE p(r c DEFAULT ROW(1, 2, 'x')) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(r ct DEFAULT ROW(1)) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- rows:
INSERT INTO c VALUES (1, 2, 'a');
-- to:
CREATE TABLE c (id int, w bigint);
CREATE TYPE ct AS (a int, b text);
CREATE PROCEDURE p(r c DEFAULT ROW(1, 2)) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(r ct DEFAULT ROW(1, 'b')) RETURNS int LANGUAGE sql AS 'SELECT 1';

-- remade: one d.y v d_check i dd dd.dd_check
CREATE TABLE c (id int, w int);
CREATE FUNCTION one(r c DEFAULT NULL) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE d (x int, y int GENERATED ALWAYS AS (x + one()) STORED, CHECK (x + one() > -10));
CREATE INDEX i ON d ((x + one()));
CREATE DOMAIN dd AS int DEFAULT one() CHECK (VALUE > one() - 100);
CREATE TABLE e (z dd, zz dd[]);
CREATE VIEW v AS SELECT z, one() FROM e;
-- rows:
INSERT INTO c VALUES (1, 2), (3, -4);
INSERT INTO d VALUES (1), (2);
INSERT INTO e VALUES (5, '{6,7}'), (-8, '{}');
-- to:
CREATE TABLE c (id int, w bigint);
CREATE FUNCTION one(r c DEFAULT NULL) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE d (x int, y int GENERATED ALWAYS AS (x + one()) STORED, CHECK (x + one() > -10));
CREATE INDEX i ON d ((x + one()));
CREATE DOMAIN dd AS int DEFAULT one() CHECK (VALUE > one() - 100);
CREATE TABLE e (z dd, zz dd[]);
CREATE VIEW v AS SELECT z, one() FROM e;

-- remade: of_default
CREATE FUNCTION of_default() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE DOMAIN a AS int DEFAULT of_default();
CREATE DOMAIN b AS int DEFAULT of_default();
CREATE TABLE t (a a, b b[] NOT NULL);
-- rows:
INSERT INTO t VALUES (5, '{6,7}'), (-8, '{}');
-- to:
CREATE FUNCTION of_default() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 2::bigint';
CREATE DOMAIN a AS int DEFAULT of_default();
CREATE DOMAIN b AS int DEFAULT 3;
CREATE TABLE t (a a, b b[] NOT NULL);

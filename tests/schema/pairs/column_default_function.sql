CREATE TABLE t (a int);
-- to:
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 4';
CREATE SEQUENCE s;
CREATE TABLE t (a int DEFAULT f(), b bigint DEFAULT nextval('s'));
CREATE TABLE u (a int DEFAULT f(), b bigint DEFAULT nextval('s'));

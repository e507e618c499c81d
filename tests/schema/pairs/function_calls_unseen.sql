-- Columns, checks and views are computed for rows, by functions that call each other.
CREATE TABLE item (id int, price int);
CREATE TABLE shop (id int);
CREATE DOMAIN code AS text;
-- to:
CREATE FUNCTION b_inner(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1';
CREATE FUNCTION a_outer(int) RETURNS int LANGUAGE sql AS 'SELECT b_inner($1)';
CREATE TABLE item (id int, price int, tax int DEFAULT a_outer(1), CONSTRAINT few CHECK (a_outer(1) > 0));
CREATE TABLE shop (id int);
CREATE VIEW sold AS SELECT id AS n FROM shop;
CREATE FUNCTION d_rows() RETURNS SETOF sold LANGUAGE sql AS 'SELECT n FROM sold';
CREATE FUNCTION c_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM d_rows()';
CREATE MATERIALIZED VIEW counted AS SELECT c_count() AS n;
CREATE FUNCTION f_fits(text) RETURNS boolean LANGUAGE sql AS 'SELECT $1 IS NOT NULL';
CREATE FUNCTION e_fits(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN f_fits($1); END';
CREATE DOMAIN code AS text CHECK (e_fits(VALUE));

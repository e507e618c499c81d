-- alone
-- Columns, checks and views are computed for rows, by functions that call each other.
CREATE TABLE item (id int, price int);
CREATE TABLE shop (id int);
CREATE DOMAIN code AS text;
-- to:
CREATE FUNCTION b_inner(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1';
CREATE FUNCTION a_outer(int) RETURNS int LANGUAGE sql AS 'SELECT public.b_inner($1)';
CREATE TABLE item (id int, price int, tax int DEFAULT a_outer(1), CONSTRAINT few CHECK (a_outer(1) > 0));
CREATE TABLE shop (id int);
CREATE VIEW sold AS SELECT id AS n FROM shop;
CREATE FUNCTION d_rows() RETURNS SETOF sold LANGUAGE sql AS 'SELECT n FROM public.sold';
CREATE FUNCTION c_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.d_rows()';
CREATE MATERIALIZED VIEW counted AS SELECT c_count() AS n;
CREATE FUNCTION f_fits(text) RETURNS boolean LANGUAGE sql AS 'SELECT $1 IS NOT NULL';
CREATE FUNCTION e_fits(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN public.f_fits($1); END';
CREATE DOMAIN code AS text CHECK (e_fits(VALUE));
CREATE FUNCTION h_part(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower($1)';
CREATE FUNCTION g_whole(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT public.h_part($1)';
CREATE TABLE named (name text, key text GENERATED ALWAYS AS (g_whole(name)) STORED, CHECK (g_whole(name) <> ''));
CREATE MATERIALIZED VIEW total AS SELECT id FROM shop;
CREATE FUNCTION k_total() RETURNS SETOF total LANGUAGE sql AS 'SELECT id FROM public.total';
CREATE FUNCTION j_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.k_total()';
CREATE VIEW also AS SELECT j_count() AS n;
CREATE MATERIALIZED VIEW again AS SELECT n FROM also;

CREATE TYPE c AS (x int, y text);
CREATE FUNCTION f() RETURNS c LANGUAGE sql AS $$ SELECT ROW(1, 'a')::c $$;
CREATE VIEW v AS SELECT (f()).x;
-- to:
CREATE TYPE c AS (x int, y text, z int);
CREATE FUNCTION f() RETURNS c LANGUAGE sql AS $$ SELECT ROW(1, 'a', 3)::c $$;
CREATE VIEW v AS SELECT (f()).x;

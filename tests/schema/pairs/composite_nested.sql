CREATE TYPE i AS (x int);
CREATE TYPE o AS (i i, j i[]);
-- to:
CREATE TYPE i AS (x int, y int);
CREATE TYPE o AS (i i, j i[], k text);
COMMENT ON TYPE o IS 'outer';
COMMENT ON COLUMN o.k IS 'of k';

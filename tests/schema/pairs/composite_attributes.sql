CREATE TYPE c AS (x int, y text, old int);
-- to:
CREATE TYPE c AS (x bigint, y varchar(5), new date);

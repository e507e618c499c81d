CREATE TABLE t (a int);
-- to:
CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE t (a int, b r DEFAULT '[1,2)');

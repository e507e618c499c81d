CREATE TYPE r AS RANGE (SUBTYPE = float8);
CREATE TABLE t (a r, b int);
CREATE INDEX t_a ON t USING gist (a);
-- to:
CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE t (a r, b int);
CREATE INDEX t_a ON t USING gist (a);

CREATE TABLE t (a int CHECK (a > 0), b int, CONSTRAINT c CHECK (b < 10));
-- to:
CREATE TABLE t (a int, b int CHECK (b IS NOT NULL OR b < 3), CONSTRAINT c CHECK (b < 20));

CREATE TABLE t (a int, b varchar(10), c numeric(8,2), d real);
-- to:
CREATE TABLE t (a bigint, b varchar(20), c numeric(12,4), d double precision);

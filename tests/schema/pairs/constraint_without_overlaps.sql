-- empty
-- server: 18
CREATE TABLE t (a int4range, r daterange);
-- to:
CREATE TABLE t (a int4range, r daterange, PRIMARY KEY (a, r WITHOUT OVERLAPS));

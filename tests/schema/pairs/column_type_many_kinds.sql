CREATE TABLE t (a int, b text, c timestamp, d char(3), e interval, f time, g bit(4), h date);
-- to:
CREATE TABLE t (a numeric, b varchar(30), c timestamptz, d char(5), e interval day to second(3), f timetz(2), g bit varying(8), h timestamp(3));

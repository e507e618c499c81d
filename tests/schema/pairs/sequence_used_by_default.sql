CREATE SEQUENCE s;
CREATE TABLE t (a bigint DEFAULT nextval('s'));
CREATE TABLE u (a bigint);
-- to:
CREATE SEQUENCE r;
CREATE TABLE t (a bigint DEFAULT nextval('r'));
CREATE TABLE u (a bigint DEFAULT nextval('r') + 5);

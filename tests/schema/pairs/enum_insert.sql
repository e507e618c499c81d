CREATE TYPE e AS ENUM ('b', 'd');
CREATE TABLE t (a e);
-- to:
CREATE TYPE e AS ENUM ('a', 'b', 'c1', 'c2', 'd', 'e');
CREATE TABLE t (a e);

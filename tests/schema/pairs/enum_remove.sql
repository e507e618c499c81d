CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (a e, b int);
-- to:
CREATE TYPE e AS ENUM ('a', 'c');
CREATE TABLE t (a e, b int);

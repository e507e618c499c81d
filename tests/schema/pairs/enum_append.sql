CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (a e DEFAULT 'a');
-- to:
CREATE TYPE e AS ENUM ('a', 'b', 'c', 'd''e');
CREATE TABLE t (a e DEFAULT 'a');

CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (a e DEFAULT 'a' NOT NULL);
-- to:
CREATE TYPE e AS ENUM ('c', 'b', 'a');
CREATE TABLE t (a e DEFAULT 'a' NOT NULL);

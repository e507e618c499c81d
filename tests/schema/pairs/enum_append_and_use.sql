CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (a e DEFAULT 'a');
-- to:
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (a e DEFAULT 'c', b int, CHECK (a <> 'b'));
CREATE VIEW v AS SELECT a FROM t WHERE a = 'c';

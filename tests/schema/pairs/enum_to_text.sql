CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (a e DEFAULT 'a', b e[]);
-- to:
CREATE TABLE t (a text DEFAULT 'a', b text[]);

CREATE TABLE t (a text);
-- to:
CREATE TYPE e AS ENUM ('a', 'b', 'it''s');
CREATE TYPE none AS ENUM ();
CREATE TABLE t (a text, b e DEFAULT 'b');

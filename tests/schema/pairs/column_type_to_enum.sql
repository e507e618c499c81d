CREATE TABLE t (a text DEFAULT 'x', b varchar(10) NOT NULL DEFAULT 'y');
CREATE INDEX t_a ON t (a);
-- to:
CREATE TYPE e AS ENUM ('x', 'y');
CREATE TABLE t (a e DEFAULT 'x', b e NOT NULL DEFAULT 'y');
CREATE INDEX t_a ON t (a);

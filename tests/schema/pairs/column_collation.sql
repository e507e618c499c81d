CREATE TABLE t (a text, b text COLLATE "C", c varchar(5));
CREATE INDEX t_a ON t (a);
-- to:
CREATE TABLE t (a text COLLATE "C", b text, c varchar(8) COLLATE "POSIX");
CREATE INDEX t_a ON t (a);

CREATE TABLE t (a int, b text);
CREATE INDEX t_a ON t (a) WHERE b = 'x';
-- to:
CREATE TABLE t (a int, b text);
CREATE INDEX t_a ON t (a) WHERE b IN ('x', 'y');

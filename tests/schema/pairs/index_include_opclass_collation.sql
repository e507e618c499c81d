CREATE TABLE t (a text, b text, c int);
CREATE INDEX t_a ON t (a);
-- to:
CREATE TABLE t (a text, b text, c int);
CREATE INDEX t_a ON t (a text_pattern_ops) INCLUDE (c);
CREATE INDEX t_b ON t (b COLLATE "C");

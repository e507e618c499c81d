CREATE TABLE t (a int, b int, c text);
CREATE INDEX t_a ON t (a);
-- to:
CREATE TABLE t (a int, b int, c text);
CREATE INDEX t_a ON t (a, b);
CREATE INDEX t_b ON t (b DESC NULLS LAST, a);
CREATE UNIQUE INDEX t_u ON t (a) WHERE b IS NOT NULL;

CREATE TABLE t (a int);
CREATE INDEX t_a ON t (a);
COMMENT ON INDEX t_a IS 'it''s';
-- to:
CREATE TABLE t (a int);
CREATE INDEX t_a ON t (a DESC);
COMMENT ON INDEX t_a IS 'it''s';

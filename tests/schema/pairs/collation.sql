CREATE TABLE t (a text);
-- to:
CREATE COLLATION mine (LOCALE = 'C');
CREATE TABLE t (a text COLLATE mine);
CREATE INDEX t_b ON t (a COLLATE mine);
COMMENT ON COLLATION mine IS 'of mine';

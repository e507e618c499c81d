CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE SEQUENCE s;
COMMENT ON TABLE t IS 'old';
COMMENT ON COLUMN t.a IS 'goes';
COMMENT ON SEQUENCE s IS 'a''b\c';
-- to:
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE SEQUENCE s;
COMMENT ON TABLE t IS 'new
with two lines; and -- more';
COMMENT ON COLUMN t.b IS 'comes';
COMMENT ON VIEW v IS 'of v';
COMMENT ON COLUMN v.a IS 'of v.a';
COMMENT ON SEQUENCE s IS E'a''b\\c\td';
COMMENT ON SCHEMA public IS 'mine';

-- empty
CREATE TABLE t (a int DEFAULT 1 NOT NULL, b text, c int);
COMMENT ON COLUMN t.a IS 'old';
-- to:
CREATE TABLE t (a bigint DEFAULT 2, b varchar(10) COLLATE "C" DEFAULT 'q' NOT NULL, d int);
COMMENT ON COLUMN t.b IS 'new';

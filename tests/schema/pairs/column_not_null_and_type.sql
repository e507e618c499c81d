CREATE TABLE t (a int, b text NOT NULL DEFAULT '5');
-- to:
CREATE TABLE t (a bigint DEFAULT 5, b int);

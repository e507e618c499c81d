CREATE TABLE t (a int DEFAULT 1, b int, c int DEFAULT 2, d timestamptz DEFAULT now());
-- to:
CREATE TABLE t (a int DEFAULT 10, b int DEFAULT 3, c int, d timestamptz DEFAULT '2020-01-01 00:00:00+00');

-- empty
CREATE TABLE t (a int, b text);
-- to:
CREATE TABLE t (a int, b text, c int GENERATED ALWAYS AS (a * 2) STORED, d text GENERATED ALWAYS AS (upper(b) || 'x') STORED NOT NULL);

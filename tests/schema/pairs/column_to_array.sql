CREATE TABLE t (a int, b text[]);
-- to:
CREATE TABLE t (a int[], b text);

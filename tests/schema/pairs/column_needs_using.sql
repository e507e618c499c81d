-- empty
CREATE TABLE t (a text, b text DEFAULT '5', c int DEFAULT 1, d jsonb);
-- to:
CREATE TABLE t (a int, b int DEFAULT 5, c boolean DEFAULT true, d text[]);

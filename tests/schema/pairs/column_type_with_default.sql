CREATE TABLE t (a text DEFAULT '1', b int DEFAULT 3, c boolean DEFAULT false);
-- to:
CREATE TABLE t (a int DEFAULT 1, b text DEFAULT 'three', c int);

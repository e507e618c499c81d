CREATE TABLE t (a int);
-- to:
CREATE TABLE t (a int, b text, c int NOT NULL DEFAULT 7, d uuid DEFAULT gen_random_uuid(), e int[] DEFAULT '{1,2}' NOT NULL);

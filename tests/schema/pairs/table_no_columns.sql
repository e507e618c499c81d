CREATE TABLE t ();
-- to:
CREATE TABLE t (a int);
CREATE TABLE u ();

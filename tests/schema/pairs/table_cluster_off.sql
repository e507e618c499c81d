CREATE TABLE t (a int PRIMARY KEY, b int);
ALTER TABLE t CLUSTER ON t_pkey;
-- to:
CREATE TABLE t (a int PRIMARY KEY, b int);

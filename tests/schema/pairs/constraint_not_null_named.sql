-- server: 18
-- empty
CREATE TABLE t (a int CONSTRAINT mine NOT NULL, b int NOT NULL, c int);
-- to:
CREATE TABLE t (a int NOT NULL, b int CONSTRAINT mine NOT NULL, c int CONSTRAINT c_nn NOT NULL NO INHERIT);

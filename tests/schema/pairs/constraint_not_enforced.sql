-- server: 18
CREATE TABLE t (a int, b int, CONSTRAINT x CHECK (a > 0));
-- to:
CREATE TABLE t (a int, b int, CONSTRAINT x CHECK (a > 0) NOT ENFORCED);

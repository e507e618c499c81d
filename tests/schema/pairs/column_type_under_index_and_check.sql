CREATE TABLE t (a int PRIMARY KEY, b int CHECK (b > 0), c int);
CREATE INDEX t_b ON t (b) WHERE c > 0;
CREATE INDEX t_e ON t ((b + 1));
-- to:
CREATE TABLE t (a bigint PRIMARY KEY, b bigint CHECK (b > 0), c bigint);
CREATE INDEX t_b ON t (b) WHERE c > 0;
CREATE INDEX t_e ON t ((b + 1));

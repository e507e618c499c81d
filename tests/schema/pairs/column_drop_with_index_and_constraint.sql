CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, c int, CHECK (b > c));
CREATE INDEX t_bc ON t (b, c);
CREATE INDEX t_part ON t (a) WHERE b > 0;
CREATE STATISTICS t_st ON b, c FROM t;
-- to:
CREATE TABLE t (a int PRIMARY KEY, c int);

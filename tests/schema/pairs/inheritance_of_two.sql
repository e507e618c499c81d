CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c () INHERITS (a);
-- to:
CREATE TABLE a (x int, k int);
CREATE TABLE b (y int, k int);
CREATE TABLE c (k int) INHERITS (a, b);

CREATE TABLE a (x int);
CREATE TABLE b (x int, z int);
CREATE TABLE c (z int) INHERITS (a);
-- to:
CREATE TABLE a (x int);
CREATE TABLE b (x int, z int) INHERITS (a);
CREATE TABLE c (x int, z int);

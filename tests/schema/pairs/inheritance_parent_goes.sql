CREATE TABLE a (x int, y int);
CREATE TABLE b (z int) INHERITS (a);
-- to:
CREATE TABLE b (x int, y int, z int);

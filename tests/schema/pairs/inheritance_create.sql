CREATE TABLE a (x int);
-- to:
CREATE TABLE a (x int DEFAULT 1, y int CHECK (y > 0));
CREATE TABLE b (z int) INHERITS (a);
CREATE TABLE c (x int NOT NULL, q int) INHERITS (a);

-- empty
CREATE TABLE a (x int, y int);
CREATE TABLE b (z int) INHERITS (a);
-- to:
CREATE TABLE a (x bigint NOT NULL DEFAULT 0, w text DEFAULT 'w');
CREATE TABLE b (z int) INHERITS (a);

CREATE TABLE a (x int, y int);
CREATE TABLE b (z int, CHECK (z > 0));
CREATE TABLE c (w int);
CREATE TABLE ab () INHERITS (a, b);
CREATE TABLE only_b () INHERITS (b);
CREATE TABLE abc () INHERITS (a, b, c);
CREATE TABLE below () INHERITS (abc);
-- to:
CREATE TABLE a (x int, y bigint, more int);
CREATE TABLE b (z int, CHECK (z > 0));
CREATE TABLE c (w int);
CREATE TABLE ab () INHERITS (b, a);
CREATE TABLE only_b () INHERITS (a, b);
CREATE TABLE abc () INHERITS (a, c);
CREATE TABLE below () INHERITS (abc);

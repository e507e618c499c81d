CREATE SEQUENCE r;
CREATE TABLE a (id int, v int DEFAULT nextval('r'), w int DEFAULT 1);
CREATE TABLE gone () INHERITS (a);
-- rows:
INSERT INTO a VALUES (1, 2, 3);
-- to:
CREATE SEQUENCE s;
CREATE TABLE a (id int, v int DEFAULT nextval('s'), w int DEFAULT 2);
CREATE TABLE added () INHERITS (a);
CREATE TABLE below () INHERITS (added);

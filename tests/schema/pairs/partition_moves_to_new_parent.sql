-- A partition moves to another parent, which is created, and its old parent is dropped.
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE q (id int, a int) PARTITION BY RANGE (id);
CREATE TABLE moved PARTITION OF q FOR VALUES FROM (40) TO (50);
-- rows:
INSERT INTO a VALUES (1);
INSERT INTO q VALUES (41, 1);
-- to:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE p (id int, a int, CONSTRAINT of_a FOREIGN KEY (a) REFERENCES a) PARTITION BY RANGE (id);
CREATE TABLE q (id int, a int, CONSTRAINT goes FOREIGN KEY (a) REFERENCES a) PARTITION BY RANGE (id);
CREATE TABLE moved PARTITION OF p FOR VALUES FROM (40) TO (50);

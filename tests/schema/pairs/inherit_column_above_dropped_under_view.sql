-- remade: v
CREATE TABLE c (id int, v int, CONSTRAINT k CHECK (id > 0));
CREATE TABLE j (id int, v int);
CREATE TABLE below (id int, w int);
CREATE VIEW v AS SELECT id, v FROM c;
-- rows:
INSERT INTO c VALUES (1, 2);
INSERT INTO below VALUES (3, 4);
-- to:
CREATE TABLE c (id int);
CREATE TABLE j (id int, v int);
CREATE TABLE below (w int) INHERITS (c);
CREATE VIEW v AS SELECT id, v FROM j;

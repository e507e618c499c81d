CREATE TABLE a (id int, n int, m int);
CREATE TABLE b (id int, n int, m int, k int);
CREATE TABLE between () INHERITS (a);
CREATE TABLE gone () INHERITS (between);
CREATE VIEW v AS SELECT id, n FROM gone;
CREATE VIEW w AS SELECT m FROM gone;
-- rows:
INSERT INTO a VALUES (1, 2, 3);
INSERT INTO between VALUES (4, 5, 6);
-- to:
CREATE TABLE a (id bigint, n int);
CREATE TABLE b (id int, n int, m int, k bigint);
CREATE TABLE between () INHERITS (a);
CREATE TABLE added () INHERITS (b);
CREATE VIEW v AS SELECT id, n FROM added;
CREATE VIEW w AS SELECT m FROM added;

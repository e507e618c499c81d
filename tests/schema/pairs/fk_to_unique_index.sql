CREATE TABLE a (id int, k int);
CREATE UNIQUE INDEX a_id ON a (id);
CREATE TABLE b (k int, CONSTRAINT f FOREIGN KEY (k) REFERENCES a (id));
-- to:
CREATE TABLE a (id int, k int);
CREATE UNIQUE INDEX a_id ON a (id) INCLUDE (k);
CREATE TABLE b (k int, CONSTRAINT f FOREIGN KEY (k) REFERENCES a (id));

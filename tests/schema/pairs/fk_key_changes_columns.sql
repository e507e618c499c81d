-- empty
CREATE TABLE a (id int, k int NOT NULL, PRIMARY KEY (id));
CREATE TABLE b (id int, k int, CONSTRAINT f FOREIGN KEY (id) REFERENCES a);
-- to:
CREATE TABLE a (id int, k int NOT NULL, PRIMARY KEY (id, k));
CREATE TABLE b (id int, k int, CONSTRAINT f FOREIGN KEY (id, k) REFERENCES a);

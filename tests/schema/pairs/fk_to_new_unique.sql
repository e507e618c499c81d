CREATE TABLE a (id int PRIMARY KEY, k int);
CREATE TABLE b (k int);
-- to:
CREATE TABLE a (id int PRIMARY KEY, k int UNIQUE);
CREATE TABLE b (k int REFERENCES a (k));

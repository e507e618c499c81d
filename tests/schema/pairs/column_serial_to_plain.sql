CREATE TABLE t (id serial PRIMARY KEY, a text);
-- to:
CREATE TABLE t (id int PRIMARY KEY, a text);

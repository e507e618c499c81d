CREATE TABLE a (id int);
-- to:
CREATE TABLE a (id int);
CREATE TABLE b (id int PRIMARY KEY, name text NOT NULL DEFAULT 'x', CHECK (name <> ''));

CREATE TABLE r (x int, y text);
CREATE TABLE u (id int PRIMARY KEY, c r, d r[]);
CREATE TABLE w (u u);
-- to:
CREATE TABLE r (x bigint, y text);
CREATE TABLE u (id int PRIMARY KEY, c r, d r[]);

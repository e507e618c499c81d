-- remade: r.z w.u w.us c.z v.u v.us
CREATE TABLE r (x int, y text);
CREATE TABLE w (u r, us r[]);
CREATE TYPE c AS (x int, y text);
CREATE TABLE v (u c, us c[]);
-- rows:
INSERT INTO w VALUES (ROW(1, 'a'), ARRAY[ROW(2, 'b')::r, NULL]), (NULL, '{}');
INSERT INTO v VALUES (ROW(1, 'a'), ARRAY[ROW(2, 'b')::c, NULL]), (NULL, '{}');
-- to:
CREATE TABLE r (x text, y text, z int);
CREATE TABLE w (u r, us r[]);
CREATE TYPE c AS (x text, y text, z int);
CREATE TABLE v (u c, us c[]);

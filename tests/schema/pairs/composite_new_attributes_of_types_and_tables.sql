-- Each attribute that is added waits for a type of its own, and they are still added in their order.
-- remade: u.c u.o u.os
CREATE TYPE ct AS (first text);
CREATE TYPE other AS (first text, n int);
CREATE TABLE u (id int PRIMARY KEY, c ct, o other, os other[]);
-- rows:
INSERT INTO u VALUES (1, ROW('x'), ROW('y', 1), ARRAY[ROW('z', 2)::other]), (2, NULL, NULL, '{}');
-- to:
CREATE TABLE r (x bigint, y text);
CREATE TYPE ct AS (first text, r r, n int);
CREATE TYPE last AS ENUM ('a');
CREATE TYPE other AS (z last, b text, a int);
CREATE TABLE u (id int PRIMARY KEY, c ct, o other, os other[]);

CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE DOMAIN d AS e DEFAULT 'a';
CREATE TYPE c AS (x e, y int);
CREATE TABLE t (a d, b c, k int);
-- to:
CREATE TYPE e AS ENUM ('a', 'c');
CREATE DOMAIN d AS e DEFAULT 'a';
CREATE TYPE c AS (x e, y int);
CREATE TABLE t (a d, b c, k int);

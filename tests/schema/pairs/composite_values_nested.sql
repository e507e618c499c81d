CREATE TYPE amount AS (cents int);
CREATE TYPE holding AS (amount amount, pieces int);
CREATE DOMAIN price AS amount;
CREATE TABLE t (c amount, d amount[], p price, q price[]);
CREATE TABLE u (p holding, q holding[]);
-- rows:
INSERT INTO t VALUES (ROW(995), ARRAY[ROW(5)::amount, NULL], ROW(-3), ARRAY[ROW(8)::amount]::price[]), (NULL, '{}', ROW(NULL), NULL);
INSERT INTO u VALUES (ROW(ROW(7), 8), ARRAY[ROW(ROW(9), NULL)::holding]);
-- to:
CREATE TYPE amount AS (cents bigint);
CREATE TYPE holding AS (amount amount, pieces int);
CREATE DOMAIN price AS amount;
CREATE TABLE t (c amount, d amount[], p price, q price[]);
CREATE TABLE u (p holding, q holding[]);

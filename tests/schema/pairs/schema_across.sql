CREATE SCHEMA "a b";
CREATE TYPE "a b".e AS ENUM ('x');
CREATE TABLE t (a "a b".e);
-- to:
CREATE SCHEMA "a b";
CREATE TYPE "a b".e AS ENUM ('x', 'y');
CREATE TABLE t (a "a b".e DEFAULT 'x');
CREATE TABLE "a b".t (t int);
CREATE VIEW "a b".v AS SELECT t.a, o.t FROM t, "a b".t o;

CREATE TABLE t (a int);
CREATE TABLE _t (a int);
CREATE TYPE u AS ENUM ('x');
CREATE TABLE w (u u[], t t[]);
-- rows:
INSERT INTO w VALUES ('{x}', ARRAY[ROW(1)::t]);
-- to:
CREATE TABLE t (a int);
CREATE TYPE u AS ENUM ('x');
CREATE TABLE _u (a int);
CREATE TYPE _t AS ENUM ('y');
CREATE TABLE w (u u[], t t[], z _t);

-- remade: t.c u.c v.c w.c
CREATE TABLE t (id int, a int, c int GENERATED ALWAYS AS (a * 3) STORED);
CREATE TABLE u (id int, a int, c int GENERATED ALWAYS AS (a * 3) STORED);
CREATE TABLE v (id int, a int, c int GENERATED ALWAYS AS (a * 3) STORED);
CREATE TABLE w () INHERITS (v);
CREATE INDEX t_c ON t (c);
-- to:
CREATE TABLE t (id int, a bigint, c int);
CREATE TABLE u (id int, a bigint, c bigint);
CREATE TABLE v (id int, a bigint, c int);
CREATE TABLE w () INHERITS (v);
CREATE INDEX t_c ON t (c);

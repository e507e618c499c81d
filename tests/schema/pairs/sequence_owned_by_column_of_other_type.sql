CREATE TABLE t (a text, b numeric(4), c int);
-- to:
CREATE TABLE t (a text, b numeric(4), c int);
CREATE SEQUENCE of_a OWNED BY t.a;
CREATE SEQUENCE of_b OWNED BY t.b;
CREATE SEQUENCE of_c OWNED BY t.c;

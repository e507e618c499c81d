CREATE DOMAIN n AS int;
CREATE DOMAIN nn AS n;
CREATE DOMAIN x AS text;
CREATE TABLE t (a text, b numeric(4), c int, d n, e nn, f n[], g x);
-- rows:
INSERT INTO t VALUES ('a', 1, 2, 3, 4, '{5}', 'b');
-- to:
CREATE DOMAIN n AS int;
CREATE DOMAIN nn AS n;
CREATE DOMAIN x AS text;
CREATE TABLE t (a text, b numeric(4), c int, d n, e nn, f n[], g x);
CREATE SEQUENCE of_a OWNED BY t.a;
CREATE SEQUENCE of_b OWNED BY t.b;
CREATE SEQUENCE of_c OWNED BY t.c;
CREATE SEQUENCE of_d OWNED BY t.d;
CREATE SEQUENCE of_e OWNED BY t.e;
CREATE SEQUENCE of_f OWNED BY t.f;
CREATE SEQUENCE of_g OWNED BY t.g;

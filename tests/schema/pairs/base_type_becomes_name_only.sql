CREATE TYPE bt;
CREATE FUNCTION bt_in(cstring) RETURNS bt STRICT IMMUTABLE LANGUAGE internal AS 'int4in';
CREATE FUNCTION bt_out(bt) RETURNS cstring STRICT IMMUTABLE LANGUAGE internal AS 'int4out';
CREATE TYPE bt (INPUT = bt_in, OUTPUT = bt_out, LIKE = int4);
CREATE TABLE t (id int PRIMARY KEY, a bt);
-- rows:
INSERT INTO t VALUES (1, '7'), (2, NULL);
-- to:
CREATE TYPE bt;
CREATE FUNCTION bt_out(bt) RETURNS cstring STRICT IMMUTABLE LANGUAGE internal AS 'int4out';
CREATE TABLE t (id int PRIMARY KEY, a text);

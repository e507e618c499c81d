-- The guard before DROP TYPE is a DO block: names cannot end its quoting.
-- alone
-- empty
CREATE SCHEMA "a$drop$'; b";
CREATE TYPE "a$drop$'; b"."t$drop$";
CREATE FUNCTION bt_in(cstring) RETURNS "a$drop$'; b"."t$drop$" STRICT IMMUTABLE LANGUAGE internal AS 'int4in';
CREATE FUNCTION bt_out("a$drop$'; b"."t$drop$") RETURNS cstring STRICT IMMUTABLE LANGUAGE internal AS 'int4out';
CREATE TYPE "a$drop$'; b"."t$drop$" (INPUT = bt_in, OUTPUT = bt_out, LIKE = int4);
CREATE TABLE t (id int);
-- to:
CREATE TABLE t (id int);

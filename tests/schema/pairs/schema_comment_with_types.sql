-- alone
-- empty
-- remade: *
-- privileges
CREATE SCHEMA s;
COMMENT ON SCHEMA s IS 'old';
CREATE TYPE s.e AS ENUM ('a', 'b');
CREATE DOMAIN s.d AS int;
CREATE TYPE s.c AS (a int);
CREATE TYPE s.outer_c AS (c s.c);
COMMENT ON TYPE s.c IS 'old';
CREATE DOMAIN s.below AS text;
COMMENT ON DOMAIN s.below IS 'old';
CREATE DOMAIN s.above AS s.below CHECK (VALUE <> 'x');
CREATE TABLE s.t (e s.e, d s.d, c s.outer_c[], a s.above[]);
-- to:
CREATE SCHEMA s;
COMMENT ON SCHEMA s IS 'new';
GRANT USAGE ON SCHEMA s TO cmig_bob;
CREATE TYPE s.e AS ENUM ('a');
CREATE DOMAIN s.d AS bigint;
CREATE TYPE s.c AS (a int);
CREATE TYPE s.outer_c AS (c s.c, d s.d);
COMMENT ON TYPE s.c IS 'new';
CREATE DOMAIN s.below AS text;
COMMENT ON DOMAIN s.below IS 'new';
CREATE DOMAIN s.above AS s.below CHECK (VALUE <> 'y');
CREATE TABLE s.t (e s.e, d s.d, c s.outer_c[], a s.above[]);

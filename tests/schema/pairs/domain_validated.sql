-- A check of a domain that is validated, and one of a domain inside another type.
CREATE DOMAIN d AS int;
ALTER DOMAIN d ADD CONSTRAINT few CHECK (VALUE < 9) NOT VALID;
CREATE DOMAIN e AS int;
ALTER DOMAIN e ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;
CREATE TABLE t (a d, b e[]);
-- to:
CREATE DOMAIN d AS int CONSTRAINT few CHECK (VALUE < 9);
CREATE DOMAIN e AS int CONSTRAINT positive CHECK (VALUE > 0);
CREATE TABLE t (a d, b e[]);

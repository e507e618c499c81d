-- alone
CREATE SCHEMA a;
CREATE TABLE a.t (x int);
-- to:
CREATE SCHEMA b;
CREATE TABLE b.t (x int);
COMMENT ON SCHEMA b IS 'of b';

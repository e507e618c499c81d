-- remade: c_check d_check
CREATE TABLE c (id int, w int);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE d (x int);
ALTER TABLE d ADD CONSTRAINT d_check CHECK (x > 0 OR g(NULL::c));
ALTER TABLE c ADD CONSTRAINT c_check CHECK (id > 0 OR g(NULL::c));
ALTER TABLE c ADD CONSTRAINT own CHECK (g(c));
COMMENT ON CONSTRAINT d_check ON d IS 'check';
-- rows:
INSERT INTO c VALUES (1, 10), (2, -20), (3, 30);
INSERT INTO d VALUES (1), (2);
-- to:
CREATE TABLE c (id int, w bigint);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE d (x int);
ALTER TABLE d ADD CONSTRAINT d_check CHECK (x > 0 OR g(NULL::c));
ALTER TABLE c ADD CONSTRAINT c_check CHECK (id > 0 OR g(NULL::c));
ALTER TABLE c ADD CONSTRAINT own CHECK (g(c));
COMMENT ON CONSTRAINT d_check ON d IS 'check';

-- remade: s.f
CREATE TABLE c (id int, w int);
CREATE TYPE k AS (id int, w int);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION h(r k DEFAULT ROW(1, 2)) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE DOMAIN dd AS bool DEFAULT h(ROW(1, 2)) CHECK (h(ROW(1, 2)));
CREATE TABLE d (x int, e bool DEFAULT g(ROW(1, 2)::c), f int, i dd, CONSTRAINT ok CHECK (g(ROW(x, 3))));
CREATE TABLE s (x int, f int GENERATED ALWAYS AS ((ROW(x, 2)::c).id) STORED, last int);
CREATE VIEW v AS SELECT ROW(1, 2)::c AS r, ROW(x, 2)::c = ROW(3, 4)::c AS same, ROW(x, 1)::k AS k FROM d;
CREATE INDEX i ON d (g(ROW(x, 1)));
CREATE INDEX j ON d (x) WHERE h(ROW(x, 1));
ALTER TABLE d ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON d USING (h(ROW(x, f)));
-- rows:
INSERT INTO c VALUES (1, 2);
INSERT INTO d (x, f) VALUES (1, 2);
INSERT INTO s (x, last) VALUES (1, 2);
-- to:
CREATE TABLE c (id int, other int);
CREATE TYPE k AS (id int, v bigint, u text);
CREATE FUNCTION g(r c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION h(r k DEFAULT ROW(1, 2, 'x')) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE DOMAIN dd AS bool DEFAULT h(ROW(1, 2, 'x')) CHECK (h(ROW(1, 2, 'x')));
CREATE TABLE d (x int, e bool DEFAULT g(ROW(1, 2)::c), f int, i dd, CONSTRAINT ok CHECK (g(ROW(x, 3))));
CREATE TABLE s (x int, f int GENERATED ALWAYS AS ((ROW(x, 2)::c).id) STORED, last int);
CREATE VIEW v AS SELECT ROW(1, 2)::c AS r, ROW(x, 2)::c = ROW(3, 4)::c AS same, ROW(x, 1, NULL)::k AS k FROM d;
CREATE INDEX i ON d (g(ROW(x, 1)));
CREATE INDEX j ON d (x) WHERE h(ROW(x, 1, 'x'));
ALTER TABLE d ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON d USING (h(ROW(x, f, 'x')));

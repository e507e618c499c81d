CREATE TABLE a (i int, t text COLLATE "C", e int[]);
-- to:
CREATE TABLE a (i int, t text COLLATE "C", e int[]);
CREATE TYPE mood AS ENUM ('ok');
CREATE VIEW v1 AS SELECT i, t, e, 'ok'::mood AS "a ""mood""" FROM a;
CREATE VIEW v2 AS SELECT * FROM v1;
CREATE OR REPLACE VIEW v1 AS SELECT i, t, e, "a ""mood""" FROM v2;
COMMENT ON VIEW v1 IS 'one';
COMMENT ON COLUMN v1.t IS 'its t';
ALTER VIEW v2 ALTER COLUMN i SET DEFAULT 7;
CREATE VIEW v3 AS SELECT i FROM v2;

CREATE FUNCTION eq(int, text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1::text = $2';
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = int, RIGHTARG = text);
-- to:
CREATE FUNCTION eq(int, text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1::text = $2';
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = int, RIGHTARG = text, RESTRICT = eqsel);
CREATE OPERATOR ### (FUNCTION = eq, LEFTARG = int, RIGHTARG = text);
COMMENT ON OPERATOR === (int, text) IS 'same';
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a === b AS same FROM t;

-- alone
CREATE FUNCTION lf() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- to:
CREATE FUNCTION lf() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE TRUSTED LANGUAGE mine HANDLER handler;
CREATE FUNCTION mf() RETURNS int LANGUAGE mine AS 'BEGIN RETURN 1; END';
COMMENT ON LANGUAGE mine IS 'of mine';

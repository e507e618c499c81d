-- Runs a statement and gives the code of its failure and the constraint, as "23514 name"; "" where it does not fail. Failures
-- that are caught do not fill the server's log.
CREATE FUNCTION pg_temp.cmig_try(statement pg_catalog.text) RETURNS pg_catalog.text LANGUAGE plpgsql AS '
DECLARE
    failed pg_catalog.text;
    violated pg_catalog.text;
BEGIN
    EXECUTE statement;
    RETURN '''';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS failed = RETURNED_SQLSTATE, violated = CONSTRAINT_NAME;
    RETURN pg_catalog.concat(failed, '' '', violated);
END';

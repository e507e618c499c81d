-- Whether this transaction has added enum values that the server does not accept before it is committed. Which
-- these are depends on the server's version, so each value that may be new is read as a value of its type. The
-- transaction's subtransactions have later numbers; values that others have committed since are accepted.
-- psql -f new_enum_values.sql
DO $cmig$
BEGIN
    PERFORM pg_catalog.set_config('cmig.new_enum_values', '', true);
    PERFORM pg_catalog.enum_in(pg_catalog.nameout(e.enumlabel), e.enumtypid)
       FROM pg_catalog.pg_enum e
      WHERE pg_catalog.mod(e.xmin::pg_catalog.text::pg_catalog.int8 OPERATOR(pg_catalog.+) 4294967296 OPERATOR(pg_catalog.-)
                pg_catalog.mod(pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.text::pg_catalog.int8, 4294967296),
                4294967296) OPERATOR(pg_catalog.<) 2147483648;
EXCEPTION WHEN unsafe_new_enum_value_usage THEN
    PERFORM pg_catalog.set_config('cmig.new_enum_values', 'uncommitted', true);
END
$cmig$;
SELECT pg_catalog.current_setting('cmig.new_enum_values');

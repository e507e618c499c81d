-- Where the version table and the log table belong, and whether they are there.
-- psql -v schema= -v version_table=cmig_version -v log_table=cmig_log -f place.sql
SELECT place.schema, version.oid, log.oid, pg_catalog.current_setting('standard_conforming_strings')
  FROM (SELECT coalesce(nullif(:'schema', ''), pg_catalog.current_schema()) AS schema) place
  LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = place.schema
  LEFT JOIN pg_catalog.pg_class version ON version.relnamespace = n.oid AND version.relname = :'version_table'
  LEFT JOIN pg_catalog.pg_class log ON log.relnamespace = n.oid AND log.relname = :'log_table';

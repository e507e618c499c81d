-- Whether nothing is unfinished any more, and this user may drop the table.
-- psql -v schema=public -v steps_table=cmig_version_steps -f steps_empty.sql
SELECT NOT EXISTS (SELECT FROM :"schema".:"steps_table") AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE n.nspname OPERATOR(pg_catalog.=) :'schema' AND c.relname OPERATOR(pg_catalog.=) :'steps_table';

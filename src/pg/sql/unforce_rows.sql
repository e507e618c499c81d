-- The statement that lets the owner of one of cmig's tables see its rows again, if an event trigger has forced row-level
-- security on it.
-- psql -v schema=public -v table=cmig_version -f unforce_rows.sql
SELECT pg_catalog.format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY', n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE n.nspname OPERATOR(pg_catalog.=) :'schema' AND c.relname OPERATOR(pg_catalog.=) :'table' AND c.relforcerowsecurity
   AND pg_catalog.pg_has_role(c.relowner, 'USAGE');

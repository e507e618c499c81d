-- Where the version table and the log table belong, and whether they are there: in the schema that is set, else in the
-- current one. elsewhere: another schema of the search path that has such a table.
-- psql -v schema= -v version_table=cmig_version -v log_table=cmig_log -v steps_table=cmig_version_steps -f place.sql
SELECT place.schema, version.oid, log.oid, pg_catalog.current_setting('standard_conforming_strings'),
       elsewhere.nspname AS elsewhere, pg_catalog.pg_backend_pid(),
       pg_catalog.current_setting('lock_timeout'), steps.oid, pg_catalog.pg_is_in_recovery() AS standby,
       pg_catalog.current_setting('transaction_read_only') OPERATOR(pg_catalog.=) 'on' AS read_only,
       current_user AS user, pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS schema_usable,
       pg_catalog.row_security_active(version.oid) AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy p
           WHERE p.polrelid OPERATOR(pg_catalog.=) version.oid) AS rows_hidden,
       pg_catalog.concat(pg_catalog.pg_postmaster_start_time(), ' ', pg_catalog.inet_server_addr(), ' ', pg_catalog.inet_server_port()) AS server,
       pg_catalog.current_setting('cmig.has_variables', true) OPERATOR(pg_catalog.=) 'on' AS has_variables
  FROM (SELECT coalesce(CASE WHEN :'schema' OPERATOR(pg_catalog.<>) '' THEN :'schema' END, pg_catalog.current_schema()) AS schema,
               pg_catalog.to_regclass(pg_catalog.quote_ident(:'version_table')) AS visible) place
  LEFT JOIN pg_catalog.pg_namespace n ON n.nspname OPERATOR(pg_catalog.=) place.schema
  LEFT JOIN pg_catalog.pg_class version ON version.relnamespace OPERATOR(pg_catalog.=) n.oid AND version.relname OPERATOR(pg_catalog.=) :'version_table'
  LEFT JOIN pg_catalog.pg_class log ON log.relnamespace OPERATOR(pg_catalog.=) n.oid AND log.relname OPERATOR(pg_catalog.=) :'log_table'
  LEFT JOIN pg_catalog.pg_class steps ON steps.relnamespace OPERATOR(pg_catalog.=) n.oid AND steps.relname OPERATOR(pg_catalog.=) :'steps_table'
  LEFT JOIN pg_catalog.pg_class other ON other.oid OPERATOR(pg_catalog.=) place.visible AND other.relnamespace OPERATOR(pg_catalog.<>) n.oid
                                     AND :'schema' OPERATOR(pg_catalog.=) '' AND version.oid IS NULL
  LEFT JOIN pg_catalog.pg_namespace elsewhere ON elsewhere.oid OPERATOR(pg_catalog.=) other.relnamespace;

-- Rows of the log, the newest first: all, or those of one revision.
-- psql -v schema=public -v log_table=cmig_log -v version_table=cmig_version -v revision= -v count=100 -f log_read.sql
SELECT revision, direction, error, message, checksum, semantic_checksum, file_checksum, source, run_by, run_host, build,
       git_commit, pg_catalog.to_char(run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), duration_ms, lock_waits,
       cmig_version
  FROM :"schema".:"log_table"
 WHERE version_table OPERATOR(pg_catalog.=) :'version_table'
   AND (:'revision' OPERATOR(pg_catalog.=) '' OR revision OPERATOR(pg_catalog.=) :'revision')
 ORDER BY id DESC
 LIMIT CASE WHEN :'count' OPERATOR(pg_catalog.<>) '' THEN :'count' END::pg_catalog.int8;

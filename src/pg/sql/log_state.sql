-- What the log says of each revision last: is it applied, and from which file? 16 digits of its checksum are enough.
-- psql -v schema=public -v log_table=cmig_log -v version_table=cmig_version -f log_state.sql
SELECT DISTINCT ON (revision) revision, direction OPERATOR(pg_catalog.=) 'upgrade', pg_catalog.left(file_checksum, 16)
  FROM :"schema".:"log_table"
 WHERE version_table OPERATOR(pg_catalog.=) :'version_table' AND error IS NULL AND direction OPERATOR(pg_catalog.<>) 'stamp'
 ORDER BY revision, id DESC;

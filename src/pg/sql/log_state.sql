-- What the log says of each revision last: is it applied, from which file and block, and has it run since the last stamp?
-- 16 digits of the checksums are enough.
-- psql -v schema=public -v log_table=cmig_log -v version_table=cmig_version -f log_state.sql
SELECT DISTINCT ON (revision) revision, direction OPERATOR(pg_catalog.=) 'upgrade', pg_catalog.left(file_checksum, 16),
       pg_catalog.left(checksum, 16), pg_catalog.left(semantic_checksum, 16),
       id OPERATOR(pg_catalog.>) coalesce((SELECT pg_catalog.max(s.id) FROM :"schema".:"log_table" s
           WHERE s.version_table OPERATOR(pg_catalog.=) :'version_table' AND s.direction OPERATOR(pg_catalog.=) 'stamp'), 0)
  FROM :"schema".:"log_table"
 WHERE version_table OPERATOR(pg_catalog.=) :'version_table' AND error IS NULL AND direction OPERATOR(pg_catalog.<>) 'stamp'
 ORDER BY revision, id DESC;

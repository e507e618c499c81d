-- One transaction at a time changes the version table, and the first one can make it.
-- psql -v version_table=cmig_version -v schema=public -f lock.sql
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('cmig ' || :'schema' || ' ' || :'version_table', 0));

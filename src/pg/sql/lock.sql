-- One run at a time changes a version table, and the first one can make it. Asked for again and again instead of
-- waited for: a waiting statement holds a snapshot, and another run's CREATE INDEX CONCURRENTLY waits for that.
-- psql -v version_table=cmig_version -v schema=public -f lock.sql
SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended(pg_catalog.concat('cmig ', :'schema', ' ', :'version_table'), 0));

-- Forgets the statements of a revision, which is recorded as a whole now; or of all, where somebody has decided where the
-- database is.
-- psql -v schema=public -v steps_table=cmig_version_steps -v revision=a1 -f steps_clear.sql
DELETE FROM :"schema".:"steps_table"
 WHERE (:'revision' OPERATOR(pg_catalog.=) '' OR revision OPERATOR(pg_catalog.=) :'revision');

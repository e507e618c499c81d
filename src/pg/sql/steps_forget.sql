-- Forgets what is known of a block: a person says it anew.
-- psql -v schema=public -v steps_table=cmig_version_steps -v revision=a1 -v direction=upgrade -f steps_forget.sql
DELETE FROM :"schema".:"steps_table"
 WHERE revision OPERATOR(pg_catalog.=) :'revision' AND direction OPERATOR(pg_catalog.=) :'direction';

-- The blocks that were begun and not finished, and how many of their statements have run.
-- psql -v schema=public -v steps_table=cmig_version_steps -f steps_list.sql
SELECT revision, direction, pg_catalog.count(*) FILTER (WHERE state OPERATOR(pg_catalog.=) 'finished')
  FROM :"schema".:"steps_table"
 GROUP BY revision, direction
 ORDER BY revision, direction;

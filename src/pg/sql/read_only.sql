-- Where default_transaction_read_only was set for this session, such as "database" or "configuration file".
-- psql -f read_only.sql
SELECT s.source FROM pg_catalog.pg_settings s WHERE s.name OPERATOR(pg_catalog.=) 'default_transaction_read_only';

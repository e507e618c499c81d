-- The version table: one row for each current head.
-- psql -v schema=public -v version_table=cmig_version -v constraint=cmig_version_pkc -f version_create.sql
CREATE TABLE IF NOT EXISTS :"schema".:"version_table" (
    version_num pg_catalog.text NOT NULL,
    CONSTRAINT :"constraint" PRIMARY KEY (version_num)
);

CREATE UNLOGGED TABLE t (a bigint, b text);
-- to:
CREATE TABLE t (a bigint, c text) WITH (toast.autovacuum_enabled = off);

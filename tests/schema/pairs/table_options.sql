CREATE TABLE t (a int, b text) WITH (fillfactor = 70, toast.autovacuum_enabled = off);
CREATE TABLE u (a int, b text);
-- to:
CREATE TABLE t (a int, b text) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.2);
CREATE TABLE u (a int, b text) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = off);

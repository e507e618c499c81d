CREATE TABLE t (a int, b int[]);
CREATE INDEX t_a ON t (a) WITH (fillfactor = 70);
CREATE INDEX t_b ON t USING gin (b);
-- to:
CREATE TABLE t (a int, b int[]);
CREATE INDEX t_a ON t (a) WITH (fillfactor = 90, deduplicate_items = off);
CREATE INDEX t_b ON t USING gin (b) WITH (fastupdate = off);

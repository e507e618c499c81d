CREATE TABLE t (a int, b int[], c tsvector);
CREATE INDEX t_a ON t (a);
-- to:
CREATE TABLE t (a int, b int[], c tsvector);
CREATE INDEX t_a ON t USING hash (a);
CREATE INDEX t_b ON t USING gin (b);
CREATE INDEX t_c ON t USING gist (c);
CREATE INDEX t_d ON t USING brin (a) WITH (pages_per_range = 32);

CREATE TABLE t (r int4range, b int, EXCLUDE USING gist (r WITH &&));
-- to:
CREATE TABLE t (r int4range, b int, CONSTRAINT ex EXCLUDE USING gist (r WITH &&, int4range(b, b) WITH =) WHERE (b > 0) DEFERRABLE);

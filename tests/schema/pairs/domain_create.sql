CREATE TABLE t (a int);
-- to:
CREATE DOMAIN d AS text COLLATE "C" DEFAULT 'x' NOT NULL CHECK (VALUE <> '') CONSTRAINT long CHECK (length(VALUE) < 100);
CREATE TABLE t (a int, b d);

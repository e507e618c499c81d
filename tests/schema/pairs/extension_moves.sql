-- needs: hstore
CREATE EXTENSION hstore;
CREATE TABLE t (a hstore);
-- to:
CREATE SCHEMA s_moved;
CREATE EXTENSION hstore WITH SCHEMA s_moved;
CREATE TABLE t (a s_moved.hstore);
COMMENT ON EXTENSION hstore IS 'mine';

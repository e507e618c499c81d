-- alone
-- needs: hstore
CREATE EXTENSION hstore;
CREATE TABLE t (a hstore);
-- to:
CREATE SCHEMA ext;
CREATE EXTENSION hstore WITH SCHEMA ext;
CREATE TABLE t (a ext.hstore);
COMMENT ON EXTENSION hstore IS 'mine';

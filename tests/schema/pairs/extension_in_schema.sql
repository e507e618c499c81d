-- needs: citext
-- to:
CREATE SCHEMA s_ext;
CREATE EXTENSION citext WITH SCHEMA s_ext;
CREATE TABLE t (a s_ext.citext UNIQUE);

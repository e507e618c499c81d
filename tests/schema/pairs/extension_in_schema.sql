-- alone
-- needs: citext
-- to:
CREATE SCHEMA ext;
CREATE EXTENSION citext WITH SCHEMA ext;
CREATE TABLE t (a ext.citext UNIQUE);

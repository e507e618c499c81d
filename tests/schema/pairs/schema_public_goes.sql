-- alone
CREATE TABLE t (a int);
-- to:
DROP SCHEMA public;
CREATE SCHEMA app;
CREATE TABLE app.t (a int);

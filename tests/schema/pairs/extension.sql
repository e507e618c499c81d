-- needs: pgcrypto
CREATE TABLE t (a int);
-- to:
CREATE EXTENSION pgcrypto;
CREATE TABLE t (a text DEFAULT gen_salt('md5'));

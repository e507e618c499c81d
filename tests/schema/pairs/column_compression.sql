-- server: 14
CREATE TABLE t (a text, b text COMPRESSION pglz);
-- to:
CREATE TABLE t (a text COMPRESSION pglz, b text, c text COMPRESSION pglz);

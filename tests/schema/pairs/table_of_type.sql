-- empty
CREATE TYPE ty AS (a int, b text);
CREATE TABLE t (a int, b text);
-- to:
CREATE TYPE ty AS (a int, b text);
CREATE TABLE t OF ty (PRIMARY KEY (a));
CREATE TABLE u OF ty (b WITH OPTIONS NOT NULL DEFAULT 'q');

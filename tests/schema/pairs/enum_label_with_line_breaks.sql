CREATE TYPE e AS ENUM ('ok', E'a\nb', E'it''s\\\n\nc');
CREATE TYPE "a'; SELECT 1; --" AS ENUM ('ok', E'x\ny');
CREATE TYPE n AS ENUM ('ok');
CREATE TABLE t (e e, n n, a "a'; SELECT 1; --");
-- rows:
INSERT INTO t VALUES ('ok', 'ok', 'ok');
-- to:
CREATE TYPE e AS ENUM ('ok', E'a\nb', E'between\n', E'it''s\\\n\nc');
CREATE TYPE "a'; SELECT 1; --" AS ENUM ('ok');
CREATE TYPE n AS ENUM ('ok', E'\n');
CREATE TABLE t (e e, n n, a "a'; SELECT 1; --");

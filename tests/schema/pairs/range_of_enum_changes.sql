-- remade: t.r t.rs t.d t.m t.c
-- server: 14
CREATE TYPE e AS ENUM ('a', 'b', 'gone');
CREATE DOMAIN d AS e;
CREATE TYPE r AS RANGE (SUBTYPE = e);
CREATE TYPE rd AS RANGE (SUBTYPE = d);
CREATE TYPE c AS (r r, n int);
CREATE TABLE t (id int, r r, rs r[], d rd, m r_multirange, c c);
-- rows:
INSERT INTO t VALUES (1, '[a,b)', ARRAY['(a,b]'::r, '(,b)'], '[a,)', '{[a,b]}', ('[a,b]', 1)), (2, 'empty', '{}', '(a,b)', '{}', (NULL, 2));
-- to:
CREATE TYPE e AS ENUM ('a', 'b', 'new');
CREATE DOMAIN d AS e;
CREATE TYPE r AS RANGE (SUBTYPE = e);
CREATE TYPE rd AS RANGE (SUBTYPE = d);
CREATE TYPE c AS (r r, n int);
CREATE TABLE t (id int, r r, rs r[], d rd, m r_multirange, c c);

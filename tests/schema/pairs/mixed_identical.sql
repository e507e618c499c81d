CREATE TABLE t (a varchar(5) CHECK (a IN ('x', 'y')), b timestamptz DEFAULT '2020-01-01 00:00:00+02', c interval DEFAULT '1 day 2 hours', d float8 DEFAULT 0.1);
CREATE VIEW v AS SELECT a FROM t WHERE a IN ('x', 'y');
-- to:
CREATE TABLE t (a varchar(5) CHECK (a IN ('x', 'y')), b timestamptz DEFAULT '2020-01-01 00:00:00+02', c interval DEFAULT '1 day 2 hours', d float8 DEFAULT 0.1);
CREATE VIEW v AS SELECT a FROM t WHERE a IN ('x', 'y');

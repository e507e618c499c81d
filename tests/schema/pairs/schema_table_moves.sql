CREATE SCHEMA s_from;
CREATE TABLE s_from.t (x int PRIMARY KEY);
CREATE VIEW s_from.v AS SELECT x FROM s_from.t;
-- to:
CREATE SCHEMA s_from;
CREATE SCHEMA s_to;
CREATE TABLE s_to.t (x int PRIMARY KEY);
CREATE VIEW s_from.v AS SELECT x FROM s_to.t;

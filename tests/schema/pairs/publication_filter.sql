-- server: 15
CREATE TABLE t (a int PRIMARY KEY, b int);
CREATE PUBLICATION p_filter FOR TABLE t WHERE (a > 0);
-- to:
CREATE TABLE t (a bigint PRIMARY KEY, b int);
CREATE SCHEMA s_published;
CREATE PUBLICATION p_filter FOR TABLE t (a) WHERE (a > 5);
CREATE PUBLICATION q_schema FOR TABLES IN SCHEMA s_published;

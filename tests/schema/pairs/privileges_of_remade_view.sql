-- privileges
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
GRANT SELECT ON v TO cmig_alice;
ALTER VIEW v OWNER TO cmig_bob;
-- to:
CREATE TABLE t (a bigint);
CREATE VIEW v AS SELECT a FROM t;
GRANT SELECT ON v TO cmig_alice;
ALTER VIEW v OWNER TO cmig_bob;

-- alone
-- privileges
CREATE TABLE t (a int, old int);
GRANT SELECT, INSERT ON t TO cmig_alice;
GRANT UPDATE (a), UPDATE (old) ON t TO cmig_alice;
-- to:
CREATE TABLE t (a int, new int);
GRANT SELECT ON t TO cmig_alice;
GRANT UPDATE (a), UPDATE (new) ON t TO cmig_alice;

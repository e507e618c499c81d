CREATE TABLE t (a int, b int, c int);
CREATE STATISTICS s ON a, b FROM t;
-- to:
CREATE TABLE t (a int, b int, c int);
CREATE STATISTICS s (ndistinct, mcv) ON a, b, c FROM t;
CREATE STATISTICS r (dependencies) ON b, c FROM t;
ALTER STATISTICS r SET STATISTICS 300;
COMMENT ON STATISTICS r IS 'of r';

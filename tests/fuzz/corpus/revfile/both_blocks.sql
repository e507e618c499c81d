-- ---
-- revision: a1
-- ---
-- cmig:upgrade
CREATE TABLE t (a int);
INSERT INTO t VALUES (1);
-- cmig:downgrade
DROP TABLE t;

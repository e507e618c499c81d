-- ---
-- revision: a1
-- ---
-- cmig:downgrade
DROP TABLE t
-- cmig:upgrade
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $b$ SELECT ';' $b$; SELECT E'\'';' /* /* ; */ */;

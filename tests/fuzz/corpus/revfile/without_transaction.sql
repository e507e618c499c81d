-- ---
-- revision: a1
-- transaction: false
-- ---
-- cmig:upgrade
BEGIN; COMMIT AND CHAIN; CREATE INDEX CONCURRENTLY i ON t (a);

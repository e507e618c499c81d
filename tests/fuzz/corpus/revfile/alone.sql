-- ---
-- revision: a1
-- ---
-- cmig:upgrade
ALTER TYPE e ADD VALUE 'x'; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; VACUUM;

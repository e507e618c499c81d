-- ---
-- revision: a1
-- ---
-- cmig:upgrade
SELECT 1 -- cmig:downgrade
;
-- ---
-- revision: a1
-- ---
-- cmig:upgrade
SET standard_conforming_strings = off; SELECT 'a\';';
DO $$BEGIN END$$; SELECT '\';
-- cmig:downgrade

-- ---
-- revision: a1
-- ---
-- cmig:upgrade
\restrict x
SELECT 'größe' AS "ä;";
\unrestrict x

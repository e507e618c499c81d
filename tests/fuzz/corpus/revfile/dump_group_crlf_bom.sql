-- ---
-- revision: a1
-- ---

-- cmig:upgrade
BEGIN;
SELECT pg_catalog.lo_open('1', 131072);
COMMIT;

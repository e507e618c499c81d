-- cmig:upgrade
SELECT 1;
-- cmig:downgrade
SELECT 2;

SELECT (1
-- cmig:downgrade
SELECT 2; SELECT 3;

SELECT '
-- cmig:downgrade
'; SELECT 2;

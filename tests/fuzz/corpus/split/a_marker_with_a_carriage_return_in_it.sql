SELECT ECT 
-- cmig:"aeb"V"cF" ;OM t;"-- cmig:upgrade
SELECT 
-- cmig:downgr SELade
SELECT ççççççççççççççççççççççççççççççççççççççççECT 3;
2;
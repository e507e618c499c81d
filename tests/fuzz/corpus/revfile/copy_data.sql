-- ---
-- revision: a1
-- ---
-- cmig:upgrade
COPY t FROM stdin;
1	a
-- cmig:downgrade
\.
SELECT 1;

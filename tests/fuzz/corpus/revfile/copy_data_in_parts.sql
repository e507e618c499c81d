-- ---
-- revision: a1
-- ---
-- cmig:upgrade
SET standard_conforming_strings = off;END$$; SELECT '\';
-- ion: a1
-- ---
-- cmade
COPY t FROM stdin;
1	a
-- cmig:do
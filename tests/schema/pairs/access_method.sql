CREATE TABLE t (a int);
-- to:
CREATE ACCESS METHOD mine_am TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD tree TYPE INDEX HANDLER bthandler;
CREATE TABLE t (a int);
CREATE TABLE u (a int) USING mine_am;
COMMENT ON ACCESS METHOD mine_am IS 'of mine';

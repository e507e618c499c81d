-- alone
CREATE TABLE t (a int);
-- to:
CREATE ACCESS METHOD mine TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD tree TYPE INDEX HANDLER bthandler;
CREATE TABLE t (a int);
CREATE TABLE u (a int) USING mine;
COMMENT ON ACCESS METHOD mine IS 'of mine';

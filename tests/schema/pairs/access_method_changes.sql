-- alone
-- server: 15
CREATE ACCESS METHOD mine TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a int);
CREATE TABLE u (a int) USING mine;
-- to:
CREATE ACCESS METHOD mine TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a int) USING mine;
CREATE TABLE u (a int);

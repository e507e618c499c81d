-- server: 15
-- alone
CREATE ACCESS METHOD mine TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a int, b text) USING mine;
-- to:
CREATE TABLE t (a int, c text);

-- server: 15
CREATE ACCESS METHOD changes TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a int);
CREATE TABLE u (a int) USING changes;
-- to:
CREATE ACCESS METHOD changes TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a int) USING changes;
CREATE TABLE u (a int);

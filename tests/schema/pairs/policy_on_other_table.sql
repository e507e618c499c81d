CREATE TABLE o (id int, who text);
CREATE TABLE t (o int);
CREATE POLICY p ON t USING (EXISTS (SELECT FROM o WHERE o.id = t.o));
-- to:
CREATE TABLE o (id bigint, who text);
CREATE TABLE t (o int);
CREATE POLICY p ON t USING (EXISTS (SELECT FROM o WHERE o.id = t.o AND o.who = CURRENT_USER));

-- server: 14
CREATE TABLE other (id int);
-- to:
CREATE TABLE other (id int);
CREATE TABLE doc (id int, open boolean, n bigint);
CREATE VIEW open_doc AS SELECT id FROM doc WHERE open;
CREATE POLICY seen ON doc USING (id IN (SELECT id FROM open_doc));
CREATE FUNCTION doc_count() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM doc; END;
ALTER TABLE doc ALTER n SET DEFAULT doc_count();
ALTER TABLE doc ADD CHECK (n >= doc_count());

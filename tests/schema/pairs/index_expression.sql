CREATE TABLE t (a int, b text, c jsonb);
CREATE INDEX t_e ON t (lower(b));
-- to:
CREATE TABLE t (a int, b text, c jsonb);
CREATE INDEX t_e ON t (upper(b), (a + 1));
CREATE INDEX t_c ON t ((c ->> 'k'));
ALTER INDEX t_c ALTER COLUMN 1 SET STATISTICS 300;

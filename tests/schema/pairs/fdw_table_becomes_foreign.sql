-- remade: t
CREATE FOREIGN DATA WRAPPER w_becomes;
CREATE SERVER s_becomes FOREIGN DATA WRAPPER w_becomes;
CREATE TABLE t (a int, b text DEFAULT 'x');
-- to:
CREATE FOREIGN DATA WRAPPER w_becomes;
CREATE SERVER s_becomes FOREIGN DATA WRAPPER w_becomes;
CREATE FOREIGN TABLE t (a int, b text DEFAULT 'x') SERVER s_becomes;

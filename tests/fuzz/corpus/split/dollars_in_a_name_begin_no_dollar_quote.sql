SELECT a$$, b$c$ FROM t; SELECT 2;

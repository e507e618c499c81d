SELECT $a$ ; $$ ; $b$ ; $a$; SELECT 2;

-- A column is filled before another table has the row type, and after it has it no more.
CREATE TABLE u (id int PRIMARY KEY, a int);
CREATE TABLE gone (u u);
-- rows:
INSERT INTO u VALUES (1, 2);
INSERT INTO gone VALUES (ROW(3, 4));
-- to:
CREATE TABLE u (id int PRIMARY KEY, a int, d text DEFAULT 'x' NOT NULL, e int[] DEFAULT '{}');
CREATE TABLE "new" (u u);
CREATE TABLE a_new (us u[]);

-- server: 18
CREATE TABLE keyed (id int PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, "Odd" int CONSTRAINT a NOT NULL DEFAULT 1);
CREATE TABLE "a table whose name is so long that it does not fit" (id int CONSTRAINT x NOT NULL PRIMARY KEY, "and a column that is as long, too, nearly" int CONSTRAINT y NOT NULL DEFAULT 1);
-- to:
CREATE TABLE keyed (id int CONSTRAINT y PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, "Odd" int CONSTRAINT b NOT NULL DEFAULT 1);
ALTER TABLE keyed RENAME CONSTRAINT keyed_id_not_null TO "Other";
ALTER TABLE keyed RENAME CONSTRAINT keyed_n_not_null TO other_n;
CREATE TABLE "a table whose name is so long that it does not fit" (id int PRIMARY KEY, "and a column that is as long, too, nearly" int NOT NULL DEFAULT 1);

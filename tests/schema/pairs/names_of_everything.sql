CREATE TYPE "T.y" AS ENUM ('a.b', '(%s)');
CREATE TABLE "Ta""ble" (a "T.y");
CREATE VIEW "V (%s)" AS SELECT a AS "x.y" FROM "Ta""ble";
CREATE FUNCTION "f.(x)"("a b" int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE "s'q";
-- to:
CREATE TYPE "T.y" AS ENUM ('a.b', 'new''', '(%s)');
CREATE SEQUENCE "s'r";
CREATE TABLE "Ta""ble" (a "T.y" DEFAULT 'a.b', "select" int DEFAULT nextval('"s''r"'));
CREATE VIEW "V (%s)" AS SELECT a AS "x.y", "select" FROM "Ta""ble";
CREATE FUNCTION "f.(x)"("a c" int) RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER SEQUENCE "s'r" OWNED BY "Ta""ble"."select";
CREATE TYPE "C (%s)" AS ("a (%s)" int, "b.b" text);
CREATE DOMAIN "D'" AS text CONSTRAINT "c.c" CHECK (VALUE <> '%s');

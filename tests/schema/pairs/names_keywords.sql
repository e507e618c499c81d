-- empty
CREATE TABLE "user" ("order" int, "select" int);
CREATE INDEX "group" ON "user" ("order");
-- to:
CREATE TABLE "user" ("order" bigint PRIMARY KEY, "table" text);
CREATE TABLE "table" ("from" int REFERENCES "user");
CREATE VIEW "all" AS SELECT "order" AS "where" FROM "user";

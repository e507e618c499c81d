CREATE TABLE "a.b" (a text);
CREATE TABLE below (c int) INHERITS ("a.b");
CREATE VIEW v AS SELECT a FROM "a.b";
-- rows:
INSERT INTO "a.b" VALUES ('x'), ('y');
INSERT INTO below VALUES ('z', 1);
-- to:
CREATE TABLE "a.b" (a text, "Id" serial, n bigserial UNIQUE);
CREATE TABLE below (c int) INHERITS ("a.b");
CREATE VIEW v AS SELECT a, "Id" FROM "a.b";
CREATE SEQUENCE other;
CREATE TABLE user_of (x int DEFAULT nextval('"a.b_n_seq"'));

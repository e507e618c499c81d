-- empty
CREATE TABLE "a (%s)" ("x.y" int, "it's" text, "Q""uote" int);
CREATE INDEX "i (%s)" ON "a (%s)" ("x.y");
-- to:
CREATE TABLE "a (%s)" ("x.y" bigint DEFAULT 1, "it's" text NOT NULL DEFAULT 'it''s', "Q""uote" int CHECK ("Q""uote" > 0), " " int);
CREATE INDEX "i (%s)" ON "a (%s)" ("x.y", "it's");
CREATE TABLE "b.c" ("%s (%s)" int PRIMARY KEY, "A" int);
COMMENT ON COLUMN "b.c"."%s (%s)" IS '%s';

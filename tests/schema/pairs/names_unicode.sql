CREATE TABLE "täble" ("ü" int);
-- to:
CREATE TABLE "täble" ("ü" int, "名" text DEFAULT 'ß');
COMMENT ON TABLE "täble" IS '✓';

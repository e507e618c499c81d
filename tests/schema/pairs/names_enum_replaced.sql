CREATE TYPE "Odd.Type" AS ENUM ('a', 'b', 'c');
CREATE TABLE "Ta""ble" ("C.c" "Odd.Type" DEFAULT 'a', "D" "Odd.Type"[]);
-- to:
CREATE TYPE "Odd.Type" AS ENUM ('c', 'a');
CREATE TABLE "Ta""ble" ("C.c" "Odd.Type" DEFAULT 'a', "D" "Odd.Type"[]);

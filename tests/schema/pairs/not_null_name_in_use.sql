-- server: 18
-- empty
CREATE TABLE t (a int);
CREATE TABLE other (a int CONSTRAINT t_a_not_null NOT NULL, b int CONSTRAINT t_b_not_null NOT NULL, c int CONSTRAINT t_c_not_null NOT NULL,
    d int CONSTRAINT "New_id_not_null" NOT NULL, e int CONSTRAINT "New_n_not_null" CHECK (e > 0), f int CONSTRAINT typed_x_not_null NOT NULL);
CREATE TYPE ct AS (x int);
-- rows:
INSERT INTO t VALUES (1), (2);
INSERT INTO other VALUES (1, 2, 3, 4, 5, 6);
-- to:
CREATE TABLE t (a int NOT NULL, b text NOT NULL DEFAULT 'it''s', c int GENERATED ALWAYS AS IDENTITY);
CREATE TYPE ct AS (x int);
CREATE TABLE "New" (id serial, n int NOT NULL DEFAULT 7 PRIMARY KEY);
CREATE TABLE typed OF ct (x NOT NULL);
CREATE TABLE other (a int CONSTRAINT t_a_not_null NOT NULL, b int CONSTRAINT t_b_not_null NOT NULL, c int CONSTRAINT t_c_not_null NOT NULL,
    d int CONSTRAINT "New_id_not_null" NOT NULL, e int CONSTRAINT "New_n_not_null" CHECK (e > 0), f int CONSTRAINT typed_x_not_null NOT NULL);

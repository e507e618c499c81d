CREATE TABLE t (id int, other int NOT NULL, v int, CONSTRAINT z PRIMARY KEY (id));
ALTER TABLE t ADD CONSTRAINT b UNIQUE (id);
CREATE UNIQUE INDEX y ON t (other);
CREATE UNIQUE INDEX a ON t (other);
CREATE TABLE u (t int REFERENCES t (id), o int REFERENCES t (other));
-- to:
CREATE TABLE t (id int, other int NOT NULL, v int, CONSTRAINT z PRIMARY KEY (id));
ALTER TABLE t ADD CONSTRAINT c UNIQUE (v, id);
CREATE UNIQUE INDEX y ON t (other);
CREATE TABLE u (t int REFERENCES t (id), o int REFERENCES t (other));

-- to:
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a numeric(10,2) DEFAULT 0 NOT NULL, b varchar(20) COLLATE "C", c timestamptz DEFAULT now());

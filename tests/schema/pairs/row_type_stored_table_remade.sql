-- remade: r
CREATE TABLE r (x int) PARTITION BY LIST (x);
CREATE TABLE u (c r);
-- rows:
INSERT INTO u VALUES (ROW(1));
-- to:
CREATE TABLE r (x int);
CREATE TABLE u (c r);

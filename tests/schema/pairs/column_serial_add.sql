CREATE TABLE t (a text);
-- to:
CREATE TABLE t (a text, id serial, big bigserial PRIMARY KEY, small smallserial);

CREATE SCHEMA s_gone;
CREATE TABLE s_gone.t (x int);
-- to:
CREATE SCHEMA s_comes;
CREATE TABLE s_comes.t (x int);
COMMENT ON SCHEMA s_comes IS 'of b';

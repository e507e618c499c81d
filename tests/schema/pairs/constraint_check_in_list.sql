CREATE TABLE t (a varchar(10), b text);
-- to:
CREATE TABLE t (a varchar(10) CHECK (a IN ('x', 'y', 'z')), b text CHECK (b = ANY (ARRAY['p', 'q'])), c varchar CHECK (c NOT IN ('k', 'l')));

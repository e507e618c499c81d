-- What goes from the parent only, stays in the child with its data; what goes from all, goes.
CREATE TABLE base (a int, e int, f int, CONSTRAINT e_few CHECK (e < 9), CONSTRAINT f_few CHECK (f < 9));
CREATE TABLE child (b int) INHERITS (base);
CREATE TABLE other (c int) INHERITS (base);
CREATE TABLE grand (d int) INHERITS (other);
-- to:
CREATE TABLE base (a int);
CREATE TABLE child (b int, e int, CONSTRAINT e_few CHECK (e < 9)) INHERITS (base);
CREATE TABLE other (c int) INHERITS (base);
CREATE TABLE grand (d int, f int, CONSTRAINT f_few CHECK (f < 9)) INHERITS (other);

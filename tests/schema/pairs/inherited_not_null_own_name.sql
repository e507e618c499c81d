-- The name of a NOT NULL is not inherited if the parent has it on another column or does not pass it on.
-- server: 18
-- empty
CREATE TABLE p (a int CONSTRAINT x NOT NULL, b int);
CREATE TABLE c (a int CONSTRAINT y NOT NULL, b int CONSTRAINT x NOT NULL) INHERITS (p);
CREATE TABLE q (a int CONSTRAINT x NOT NULL NO INHERIT);
CREATE TABLE d (b int) INHERITS (q);
-- to:
CREATE TABLE p (a int CONSTRAINT x NOT NULL, b int);
CREATE TABLE c (a int CONSTRAINT y NOT NULL, b int CONSTRAINT z NOT NULL) INHERITS (p);
CREATE TABLE q (a int CONSTRAINT x NOT NULL NO INHERIT);
CREATE TABLE d (a int CONSTRAINT x NOT NULL, b int) INHERITS (q);

CREATE TABLE added (a int);
CREATE TABLE retyped (a int, b int);
CREATE TABLE mixed (a int) WITH (fillfactor = 70);
CREATE TABLE kept (a text) WITH (toast.autovacuum_enabled = false);
CREATE TABLE parent (a int, b int);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE above (a int);
CREATE TABLE between () INHERITS (above);
CREATE TABLE below () INHERITS (between);
-- to:
CREATE TABLE added (a int, b text) WITH (toast.autovacuum_enabled = false);
CREATE TABLE retyped (a int, b text) WITH (toast.vacuum_truncate = off, fillfactor = 80);
CREATE TABLE mixed (a int, b text, c text NOT NULL DEFAULT 'x') WITH (fillfactor = 60, toast.autovacuum_vacuum_threshold = 5);
CREATE TABLE kept (a text, b text) WITH (toast.autovacuum_enabled = true);
CREATE TABLE parent (a int, b int, t text) WITH (toast.autovacuum_enabled = false);
CREATE TABLE child () INHERITS (parent) WITH (toast.autovacuum_enabled = false);
CREATE TABLE above (a text);
CREATE TABLE between () INHERITS (above);
CREATE TABLE below () INHERITS (between) WITH (toast.autovacuum_enabled = false);

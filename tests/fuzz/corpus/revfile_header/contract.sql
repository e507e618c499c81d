-- ---
-- revision: 88fb11965e20
-- down_revision: 043bdf6fcef1
-- message: add users table
-- create_date: 2026-11-20 12:00:00+00:00
-- ---

-- cmig:upgrade

CREATE TABLE users (id bigint PRIMARY KEY);

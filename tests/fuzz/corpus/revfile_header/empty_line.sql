-- ---
-- revision: a

-- ---

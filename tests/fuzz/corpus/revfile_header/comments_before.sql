
-- Copyright

-- ---
# no

CREATE RULE r AS ON DELETE TO t DO INSTEAD (
    UPDATE t SET gone = true WHERE id = old.id;
    SELECT 1;
);
SELECT 2;

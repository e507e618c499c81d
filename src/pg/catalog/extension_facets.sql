-- Lists schema and version of each extension; only a relocatable one moves to another schema.
SELECT 'pg_extension'::regclass::oid AS classid, e.oid AS objid, 0 AS subid,
       f.name, f.value, f.make, NULL::text AS undo, NULL::text AS change, true AS created
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
 CROSS JOIN LATERAL (VALUES
       ('schema', n.nspname::text,
        CASE WHEN e.extrelocatable THEN format('ALTER EXTENSION %I SET SCHEMA %I', e.extname, n.nspname) END),
       ('version', e.extversion, format('ALTER EXTENSION %I UPDATE TO %L', e.extname, e.extversion))) f (name, value, make)
 WHERE e.extname <> 'plpgsql';

-- Lists the schema of each extension, and its version if that is not the server's default; only a relocatable one moves to
-- another schema.
SELECT 'pg_extension'::regclass::oid AS classid, e.oid AS objid, 0 AS subid,
       f.name, f.value, f.make, f.undo, NULL::text AS change, true AS created
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_available_extensions a ON a.name = e.extname
 CROSS JOIN LATERAL (VALUES
       ('schema', n.nspname::text,
        CASE WHEN e.extrelocatable THEN format('ALTER EXTENSION %I SET SCHEMA %I', e.extname, n.nspname) END, NULL),
       ('version', nullif(e.extversion, a.default_version), format('ALTER EXTENSION %I UPDATE TO %L', e.extname, e.extversion),
        format('ALTER EXTENSION %I UPDATE', e.extname))) f (name, value, make, undo)
 WHERE e.extname <> 'plpgsql' AND f.value IS NOT NULL;

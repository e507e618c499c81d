-- Lists default and NOT NULL of the domains that have them.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       f.name, f.value,
       format('ALTER DOMAIN %I.%I %s', n.nspname, t.typname, f.make) AS make,
       format('ALTER DOMAIN %I.%I %s', n.nspname, t.typname, f.undo) AS undo,
       NULL::text AS change, false AS created
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 CROSS JOIN LATERAL (VALUES
       ('default', coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)),
        'SET DEFAULT ' || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)), 'DROP DEFAULT'),
       ('not null', CASE WHEN t.typnotnull THEN 'true' END, 'SET NOT NULL', 'DROP NOT NULL')) f (name, value, make, undo)
 WHERE t.typtype = 'd' AND f.value IS NOT NULL
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

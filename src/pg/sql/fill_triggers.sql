-- The statements that silence the triggers of users on tables, and bring each back to its state.
-- psql -v tables="{public.a}" -f fill_triggers.sql
SELECT pg_catalog.format('ALTER TABLE %s DISABLE TRIGGER %I', t.name, g.tgname) AS off,
       pg_catalog.format('ALTER TABLE %s ENABLE %s TRIGGER %I', t.name,
                         CASE WHEN g.tgenabled OPERATOR(pg_catalog.=) 'A' THEN 'ALWAYS' WHEN g.tgenabled OPERATOR(pg_catalog.=) 'R' THEN 'REPLICA' ELSE '' END, g.tgname) AS back
  FROM pg_catalog.unnest(:'tables'::pg_catalog.text[]) AS t (name)
  JOIN pg_catalog.pg_trigger g ON g.tgrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t.name)
   AND NOT g.tgisinternal AND g.tgenabled OPERATOR(pg_catalog.<>) 'D';

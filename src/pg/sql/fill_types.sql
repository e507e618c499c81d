-- The types of the columns of tables, and all that these are made of: psql -v tables="{public.a}" -f fill_types.sql.
WITH RECURSIVE used (oid) AS (
    SELECT a.atttypid
      FROM pg_catalog.unnest(:'tables'::pg_catalog.text[]) AS t (name)
      JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t.name)
       AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
    UNION
    SELECT part.oid
      FROM used u
      JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) u.oid
     CROSS JOIN LATERAL (
           SELECT t.typelem WHERE t.typelem OPERATOR(pg_catalog.<>) 0
           UNION ALL SELECT t.typbasetype WHERE t.typtype OPERATOR(pg_catalog.=) 'd'
           UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid OPERATOR(pg_catalog.=) t.oid
           UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range r
                      WHERE (pg_catalog.to_jsonb(r) OPERATOR(pg_catalog.->>) 'rngmultitypid')::pg_catalog.oid OPERATOR(pg_catalog.=) t.oid
           UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                      WHERE t.typtype OPERATOR(pg_catalog.=) 'c' AND a.attrelid OPERATOR(pg_catalog.=) t.typrelid
                        AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped) part (oid)
)
SELECT t.oid,
       CASE WHEN t.typoutput OPERATOR(pg_catalog.=) 'pg_catalog.array_out'::pg_catalog.regproc THEN 'a' ELSE t.typtype END AS kind,
       CASE WHEN n.nspname OPERATOR(pg_catalog.=) 'pg_catalog' THEN t.typname ELSE '' END AS name,
       coalesce(CASE WHEN t.typbasetype OPERATOR(pg_catalog.<>) 0 THEN t.typbasetype END, r.rngsubtype, m.rngtypid, t.typelem) AS of,
       CASE WHEN t.typtype OPERATOR(pg_catalog.=) 'd' THEN t.typtypmod ELSE -1 END AS of_modifier,
       pg_catalog.format_type(t.oid, NULL) AS written,
       (SELECT pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(k.oid), ' ')
          FROM pg_catalog.pg_constraint k
         WHERE k.contypid OPERATOR(pg_catalog.=) t.oid) AS checks
  FROM used u
  JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) u.oid
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
  LEFT JOIN pg_catalog.pg_range r ON r.rngtypid OPERATOR(pg_catalog.=) t.oid
  LEFT JOIN LATERAL (SELECT q.rngtypid FROM pg_catalog.pg_range q
                      WHERE (pg_catalog.to_jsonb(q) OPERATOR(pg_catalog.->>) 'rngmultitypid')::pg_catalog.oid OPERATOR(pg_catalog.=) t.oid) m ON true;

-- An index by the name and table of its CREATE INDEX, or by its name: is it there, and valid?
-- psql -v index=i -v table=t -f index_state.sql
SELECT pg_catalog.concat(pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(c.relname)), i.indisvalid
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
  JOIN pg_catalog.pg_index i ON i.indexrelid OPERATOR(pg_catalog.=) c.oid
 WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(CASE WHEN :'table' OPERATOR(pg_catalog.=) '' THEN :'index'
       ELSE (SELECT pg_catalog.concat(pg_catalog.quote_ident(tn.nspname), '.', :'index')
               FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace tn ON tn.oid OPERATOR(pg_catalog.=) t.relnamespace
              WHERE t.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(:'table')) END)
   AND (:'table' OPERATOR(pg_catalog.=) '' OR i.indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(:'table'));

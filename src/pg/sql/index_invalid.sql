-- The indexes of a table, of an index's table, of a schema, or where none is named of all the database, that are not valid;
-- without those that a session is building right now. Of another user's session only the locks are visible.
-- psql -v table=t -v index= -v schema= -f index_invalid.sql
SELECT pg_catalog.concat(pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(c.relname)),
       i.indrelid::pg_catalog.regclass::pg_catalog.text,
       c.relname OPERATOR(pg_catalog.~) '_cc(new|old)[0-9]*$' AS of_reindex
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid AND c.relkind OPERATOR(pg_catalog.=) 'i'
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE NOT i.indisvalid
   AND (i.indrelid OPERATOR(pg_catalog.=) coalesce(pg_catalog.to_regclass(CASE WHEN :'table' OPERATOR(pg_catalog.<>) '' THEN :'table' END),
            (SELECT x.indrelid FROM pg_catalog.pg_index x
              WHERE x.indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(CASE WHEN :'index' OPERATOR(pg_catalog.<>) '' THEN :'index' END)))
        OR c.relnamespace OPERATOR(pg_catalog.=) pg_catalog.to_regnamespace(CASE WHEN :'schema' OPERATOR(pg_catalog.<>) '' THEN :'schema' END)
        OR pg_catalog.concat(:'table', :'index', :'schema') OPERATOR(pg_catalog.=) '')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
                    WHERE p.index_relid OPERATOR(pg_catalog.=) i.indexrelid
                       OR (p.index_relid IS NULL AND EXISTS (SELECT FROM pg_catalog.pg_locks l
                            WHERE l.pid OPERATOR(pg_catalog.=) p.pid AND l.relation OPERATOR(pg_catalog.=) i.indrelid
                              AND l.mode OPERATOR(pg_catalog.=) 'ShareUpdateExclusiveLock')))
 ORDER BY 1;

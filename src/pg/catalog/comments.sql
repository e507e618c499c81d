-- Lists the comments on objects of users; for a column, attribute or the like with its quoted name. The comment that the
-- schema public has in a new database means nothing: without it, the schema was dropped and created again.
SELECT d.classoid AS classid, d.objoid AS objid, d.objsubid AS subid,
       d.description,
       quote_ident(a.attname) AS attname
  FROM pg_description d
  LEFT JOIN pg_attribute a ON d.classoid = 'pg_class'::regclass AND d.objsubid > 0
        AND a.attrelid = d.objoid AND a.attnum = d.objsubid
  LEFT JOIN pg_namespace n ON d.classoid = 'pg_namespace'::regclass AND n.oid = d.objoid AND n.nspname = 'public'
 WHERE (d.objoid >= 16384 OR n.oid IS NOT NULL)
   AND (n.oid IS NULL OR d.description <> 'standard public schema');

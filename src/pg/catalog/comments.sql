-- Lists the comments on objects of users; for a column, attribute or the like with its quoted name. The comment that an
-- extension brings is left out; another one is undone by setting that ("initial").
SELECT d.classoid AS classid, d.objoid AS objid, d.objsubid AS subid,
       d.description,
       quote_ident(a.attname) AS attname, x.comment AS initial
  FROM pg_description d
  LEFT JOIN pg_attribute a ON d.classoid = 'pg_class'::regclass AND d.objsubid > 0
        AND a.attrelid = d.objoid AND a.attnum = d.objsubid
  LEFT JOIN (pg_extension e JOIN pg_available_extensions x ON x.name = e.extname)
         ON d.classoid = 'pg_extension'::regclass AND e.oid = d.objoid
 WHERE d.objoid >= 16384
       AND d.description IS DISTINCT FROM x.comment
    OR d.classoid = 'pg_namespace'::regclass AND d.objoid = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'public');

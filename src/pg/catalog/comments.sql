-- Lists the comments on objects of users; for a column, attribute or the like with its quoted name.
SELECT d.classoid AS classid, d.objoid AS objid, d.objsubid AS subid,
       d.description,
       quote_ident(a.attname) AS attname
  FROM pg_description d
  LEFT JOIN pg_attribute a ON d.classoid = 'pg_class'::regclass AND d.objsubid > 0
        AND a.attrelid = d.objoid AND a.attnum = d.objsubid
 WHERE d.objoid >= 16384
    OR d.classoid = 'pg_namespace'::regclass AND d.objoid = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'public');

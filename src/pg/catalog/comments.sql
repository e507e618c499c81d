-- Lists the comments on objects of users; for a column, attribute or the like with its quoted name. The comment that an
-- extension brings is left out; another one is undone by setting that ("initial"). A row type, an array type, the function of
-- a range type, the constraint of a constraint trigger and the like are no objects of their own: their comments belong to the
-- object that they come with, and "called" is what COMMENT ON names them.
WITH RECURSIVE part AS (
    SELECT d.classoid, d.objoid, i.refclassid, i.refobjid, i.refobjsubid, d.description
      FROM pg_description d
      JOIN pg_depend i ON i.classid = d.classoid AND i.objid = d.objoid AND i.deptype = 'i'
     WHERE (d.classoid IN ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_rewrite'::regclass, 'pg_class'::regclass)
            OR d.classoid = 'pg_constraint'::regclass AND i.refclassid = 'pg_trigger'::regclass)
       AND d.objoid >= 16384 AND d.objsubid = 0
       AND NOT EXISTS (SELECT FROM pg_class c WHERE d.classoid = 'pg_class'::regclass AND c.oid = d.objoid AND c.relkind <> 'S')
    UNION
    SELECT p.classoid, p.objoid, i.refclassid, i.refobjid, i.refobjsubid, p.description
      FROM part p
      JOIN pg_depend i ON i.classid = p.refclassid AND i.objid = p.refobjid AND i.deptype = 'i'
     WHERE p.refclassid = 'pg_type'::regclass
)
SELECT d.classoid AS classid, d.objoid AS objid, d.objsubid AS subid,
       d.description,
       quote_ident(a.attname) AS attname, x.comment AS initial, NULL AS called
  FROM pg_description d
  LEFT JOIN pg_attribute a ON d.classoid = 'pg_class'::regclass AND d.objsubid > 0
        AND a.attrelid = d.objoid AND a.attnum = d.objsubid
  LEFT JOIN (pg_extension e JOIN pg_available_extensions x ON x.name = e.extname)
         ON d.classoid = 'pg_extension'::regclass AND e.oid = d.objoid
 WHERE d.objoid >= 16384
       AND d.description IS DISTINCT FROM x.comment
    OR d.classoid = 'pg_namespace'::regclass AND d.objoid = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'public')
UNION ALL
SELECT p.refclassid, p.refobjid, p.refobjsubid, p.description, NULL, NULL,
       CASE p.classoid WHEN 'pg_type'::regclass THEN 'TYPE ' || format_type(p.objoid, NULL)
                       WHEN 'pg_proc'::regclass THEN 'FUNCTION ' || p.objoid::regprocedure
                       WHEN 'pg_constraint'::regclass
                       THEN (SELECT format('CONSTRAINT %I ON %s', k.conname, k.conrelid::regclass) FROM pg_constraint k WHERE k.oid = p.objoid)
                       WHEN 'pg_class'::regclass THEN 'SEQUENCE ' || p.objoid::regclass
                       ELSE 'RULE "_RETURN" ON ' || p.refobjid::regclass END
  FROM part p;

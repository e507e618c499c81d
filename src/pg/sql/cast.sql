-- How a value of one type becomes one of the other: b as it is, i in any expression, a where it is stored, e only by a
-- cast that is written. psql -v from=integer -v to=bigint -f cast.sql
SELECT CASE WHEN :'from'::pg_catalog.regtype OPERATOR(pg_catalog.=) :'to'::pg_catalog.regtype THEN 'a'
            WHEN c.castcontext OPERATOR(pg_catalog.<>) 'e' AND c.castmethod OPERATOR(pg_catalog.=) 'b' THEN 'b'
            WHEN c.castcontext OPERATOR(pg_catalog.=) 'i' THEN 'i'
            WHEN c.castcontext OPERATOR(pg_catalog.=) 'a' AND t.typcategory OPERATOR(pg_catalog.<>) 'S' THEN 'a'
            WHEN t.typcategory OPERATOR(pg_catalog.=) 'S' THEN 'i'
            ELSE 'e' END
  FROM pg_catalog.pg_type t
  LEFT JOIN pg_catalog.pg_cast c ON c.castsource OPERATOR(pg_catalog.=) :'from'::pg_catalog.regtype
                                AND c.casttarget OPERATOR(pg_catalog.=) t.oid
 WHERE t.oid OPERATOR(pg_catalog.=) :'to'::pg_catalog.regtype;

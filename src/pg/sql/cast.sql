-- Whether a value of one type is stored in a column of another without being told how.
-- psql -v from=integer -v to=bigint -f cast.sql
SELECT :'from'::pg_catalog.regtype OPERATOR(pg_catalog.=) :'to'::pg_catalog.regtype
    OR (SELECT t.typcategory OPERATOR(pg_catalog.=) 'S' FROM pg_catalog.pg_type t WHERE t.oid OPERATOR(pg_catalog.=) :'to'::pg_catalog.regtype)
    OR EXISTS (SELECT FROM pg_catalog.pg_cast c
                WHERE c.castsource OPERATOR(pg_catalog.=) :'from'::pg_catalog.regtype
                  AND c.casttarget OPERATOR(pg_catalog.=) :'to'::pg_catalog.regtype AND c.castcontext OPERATOR(pg_catalog.<>) 'e');

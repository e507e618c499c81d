-- Lists the base types that CREATE TYPE made, and types that are no more than a name yet. What is the default is left out.
-- A type and its functions depend on each other, so that only CASCADE drops them. The statement before it fails if CASCADE would drop
-- anything else.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, t.typname) AS ident,
       format('type %I.%I', n.nspname, t.typname) AS space,
       format('TYPE %I.%I', n.nspname, t.typname) AS called,
       concat(format('CREATE TYPE %I.%I', n.nspname, t.typname),
              CASE WHEN t.typisdefined THEN ' (' || concat_ws(', ',
                  'INPUT = ' || t.typinput,
                  'OUTPUT = ' || t.typoutput,
                  CASE WHEN t.typreceive <> 0 THEN 'RECEIVE = ' || t.typreceive END,
                  CASE WHEN t.typsend <> 0 THEN 'SEND = ' || t.typsend END,
                  CASE WHEN t.typmodin <> 0 THEN 'TYPMOD_IN = ' || t.typmodin END,
                  CASE WHEN t.typmodout <> 0 THEN 'TYPMOD_OUT = ' || t.typmodout END,
                  CASE WHEN t.typanalyze <> 0 THEN 'ANALYZE = ' || t.typanalyze END,
                  s.subscript,
                  CASE WHEN t.typlen > 0 THEN 'INTERNALLENGTH = ' || t.typlen
                       WHEN t.typlen = -2 THEN 'INTERNALLENGTH = -2' END,
                  CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
                  CASE t.typalign WHEN 'c' THEN 'ALIGNMENT = char' WHEN 's' THEN 'ALIGNMENT = int2'
                                  WHEN 'd' THEN 'ALIGNMENT = double' END,
                  CASE t.typstorage WHEN 'e' THEN 'STORAGE = external' WHEN 'x' THEN 'STORAGE = extended'
                                    WHEN 'm' THEN 'STORAGE = main' END,
                  CASE WHEN t.typcategory <> 'U' THEN 'CATEGORY = ' || quote_literal(t.typcategory::text) END,
                  CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
                  'DEFAULT = ' || quote_literal(t.typdefault),
                  CASE WHEN t.typelem <> 0 THEN 'ELEMENT = ' || format_type(t.typelem, NULL) END,
                  CASE WHEN t.typdelim <> ',' THEN 'DELIMITER = ' || quote_literal(t.typdelim::text) END,
                  CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END) || ')' END) AS def,
       concat(CASE WHEN t.typisdefined THEN g.guard END, format('DROP TYPE %I.%I', n.nspname, t.typname),
              CASE WHEN t.typisdefined THEN ' CASCADE' END) AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       't' AS flags,
       pg_get_userbyid(t.typowner)::text AS owner
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 CROSS JOIN LATERAL (
       SELECT 'SUBSCRIPT = ' || nullif(to_jsonb(t) ->> 'typsubscript', '-') AS subscript) s
 CROSS JOIN LATERAL (
       SELECT CASE WHEN position('$' IN concat(n.nspname, t.typname)) = 0 THEN '$drop$'
                   ELSE concat('$', repeat('drop', 16), '$') END AS quote) q -- longer than a name, so that none contains it
 CROSS JOIN LATERAL (
       SELECT format($guard$DO %1$s
BEGIN
    IF EXISTS (
        WITH type AS (
            SELECT t.oid, t.typarray, ARRAY(
                    SELECT f.refobjid
                      FROM pg_catalog.pg_depend f
                      JOIN pg_catalog.pg_depend b ON b.classid OPERATOR(pg_catalog.=) f.refclassid AND b.objid OPERATOR(pg_catalog.=) f.refobjid
                       AND b.refclassid OPERATOR(pg_catalog.=) f.classid AND b.refobjid OPERATOR(pg_catalog.=) f.objid
                     WHERE f.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass AND f.objid OPERATOR(pg_catalog.=) t.oid
                       AND f.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass) AS functions
              FROM pg_catalog.pg_type t
             WHERE t.typnamespace OPERATOR(pg_catalog.=) %2$L::pg_catalog.regnamespace AND t.typname OPERATOR(pg_catalog.=) %3$L)
        SELECT FROM type t
         CROSS JOIN LATERAL (VALUES ('pg_catalog.pg_type'::pg_catalog.regclass, ARRAY[t.oid, t.typarray]),
                                    ('pg_catalog.pg_proc'::pg_catalog.regclass, t.functions)) AS own (class, objects)
          JOIN pg_catalog.pg_depend d ON d.refclassid OPERATOR(pg_catalog.=) own.class AND d.refobjid OPERATOR(pg_catalog.=) ANY (own.objects)
         WHERE NOT (d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
                    AND d.objid OPERATOR(pg_catalog.=) ANY (ARRAY[t.oid, t.typarray]))
           AND NOT (d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
                    AND d.objid OPERATOR(pg_catalog.=) ANY (t.functions))) THEN
        RAISE dependent_objects_still_exist USING MESSAGE = %4$L;
    END IF;
END
%1$s;
$guard$, q.quote, format('%I', n.nspname), t.typname,
                     format('cannot drop type %I.%I because other objects depend on it', n.nspname, t.typname)) AS guard) g
 WHERE (t.typtype = 'b' OR t.typtype = 'p' AND NOT t.typisdefined)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'i');

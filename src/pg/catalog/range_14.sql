-- Lists the range types; the name of the multirange type is said where it is not the one that the server makes up.
SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, t.typname) AS ident,
       format('type %I.%I', n.nspname, t.typname) AS space,
       format('TYPE %I.%I', n.nspname, t.typname) AS called,
       format('CREATE TYPE %I.%I AS RANGE (%s)', n.nspname, t.typname,
              concat_ws(', ',
                        'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
                        'SUBTYPE_OPCLASS = ' || quote_ident(ocn.nspname) || '.' || quote_ident(oc.opcname),
                        'COLLATION = ' || co.oid::regcollation,
                        CASE WHEN r.rngcanonical <> 0 THEN 'CANONICAL = ' || r.rngcanonical END,
                        CASE WHEN r.rngsubdiff <> 0 THEN 'SUBTYPE_DIFF = ' || r.rngsubdiff END,
                        CASE WHEN mt.typnamespace <> t.typnamespace
                               OR mt.typname <> CASE WHEN t.typname ~ 'range'
                                                     THEN regexp_replace(t.typname, 'range', 'multirange')
                                                     ELSE t.typname || '_multirange' END
                             THEN 'MULTIRANGE_TYPE_NAME = ' || format('%I.%I', mn.nspname, mt.typname) END)) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       't' AS flags,
       pg_get_userbyid(t.typowner)::text AS owner
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_type st ON st.oid = r.rngsubtype
  JOIN (pg_type mt JOIN pg_namespace mn ON mn.oid = mt.typnamespace) ON mt.oid = r.rngmultitypid
  LEFT JOIN (pg_opclass oc JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace) ON oc.oid = r.rngsubopc AND NOT oc.opcdefault
  LEFT JOIN pg_collation co ON co.oid = r.rngcollation AND r.rngcollation <> st.typcollation
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the operator classes, with the operators and functions that belong to them alone.
SELECT 'pg_opclass'::regclass::oid AS classid, o.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       r.name AS ident,
       NULL::text AS space,
       'OPERATOR CLASS ' || r.name AS called,
       concat(format('CREATE OPERATOR CLASS %I.%I', n.nspname, o.opcname),
              CASE WHEN o.opcdefault THEN ' DEFAULT' END,
              format(' FOR TYPE %s USING %I FAMILY %I.%I AS', format_type(o.opcintype, NULL), m.amname, fn.nspname, f.opfname),
              E'\n    ', concat_ws(E',\n    ', x.members,
                                 CASE WHEN o.opckeytype <> 0 THEN 'STORAGE ' || format_type(o.opckeytype, NULL)
                                      WHEN x.members IS NULL THEN 'STORAGE ' || format_type(o.opcintype, NULL) END)) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(o.opcowner)::text AS owner
  FROM pg_opclass o
  JOIN pg_namespace n ON n.oid = o.opcnamespace
  JOIN pg_am m ON m.oid = o.opcmethod
  JOIN pg_opfamily f ON f.oid = o.opcfamily
  JOIN pg_namespace fn ON fn.oid = f.opfnamespace
 CROSS JOIN LATERAL (SELECT format('%I.%I USING %I', n.nspname, o.opcname, m.amname) AS name) r
  LEFT JOIN LATERAL (
       SELECT string_agg(m.member, E',\n    ' ORDER BY m.operator DESC, m.number, m.member) AS members
         FROM (SELECT true AS operator, ao.amopstrategy AS number,
                      concat(format('OPERATOR %s %s', ao.amopstrategy, ao.amopopr::regoperator),
                             ' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sf.opfname)) AS member
                 FROM pg_depend d
                 JOIN pg_amop ao ON ao.oid = d.objid
                 LEFT JOIN (pg_opfamily sf JOIN pg_namespace sn ON sn.oid = sf.opfnamespace) ON sf.oid = ao.amopsortfamily
                WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = o.oid
               UNION ALL
               SELECT false, ap.amprocnum,
                      format('FUNCTION %s (%s, %s) %s', ap.amprocnum, format_type(ap.amproclefttype, NULL),
                             format_type(ap.amprocrighttype, NULL), ap.amproc::regprocedure)
                 FROM pg_depend d
                 JOIN pg_amproc ap ON ap.oid = d.objid
                WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = o.oid) m
       ) x ON true
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

-- Lists the operators, but for those that are no more than a name yet.
SELECT 'pg_operator'::regclass::oid AS classid, o.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       r.name AS ident,
       NULL::text AS space,
       'OPERATOR ' || r.name AS called,
       format('CREATE OPERATOR %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ',
              'FUNCTION = ' || o.oprcode,
              CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END,
              CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || format_type(o.oprright, NULL) END,
              'COMMUTATOR = OPERATOR(' || quote_ident(cn.nspname) || '.' || c.oprname || ')',
              'NEGATOR = OPERATOR(' || quote_ident(gn.nspname) || '.' || g.oprname || ')',
              CASE WHEN o.oprrest <> 0 THEN 'RESTRICT = ' || o.oprrest END,
              CASE WHEN o.oprjoin <> 0 THEN 'JOIN = ' || o.oprjoin END,
              CASE WHEN o.oprcanhash THEN 'HASHES' END,
              CASE WHEN o.oprcanmerge THEN 'MERGES' END)) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(o.oprowner)::text AS owner
  FROM pg_operator o
  JOIN pg_namespace n ON n.oid = o.oprnamespace
  LEFT JOIN (pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace) ON c.oid = o.oprcom
  LEFT JOIN (pg_operator g JOIN pg_namespace gn ON gn.oid = g.oprnamespace) ON g.oid = o.oprnegate
 CROSS JOIN LATERAL (
       SELECT format('%I.%s (%s, %s)', n.nspname, o.oprname,
                     CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
                     CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END) AS name) r
 WHERE o.oprcode <> 0
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

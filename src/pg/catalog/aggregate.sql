-- Lists the aggregates; what is the default is left out.
SELECT 'pg_proc'::regclass::oid AS classid, p.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) AS ident,
       format('proc %I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) AS space,
       'AGGREGATE ' || r.name AS called,
       format('CREATE AGGREGATE %s (%s)', r.name, concat_ws(', ',
              'SFUNC = ' || g.aggtransfn,
              'STYPE = ' || format_type(g.aggtranstype, NULL),
              'SSPACE = ' || nullif(g.aggtransspace, 0),
              CASE WHEN g.aggfinalfn <> 0 THEN 'FINALFUNC = ' || g.aggfinalfn END,
              CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
              CASE WHEN g.aggfinalmodify <> m.usual
                   THEN 'FINALFUNC_MODIFY = ' || CASE g.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                                                                       ELSE 'READ_WRITE' END END,
              CASE WHEN g.aggcombinefn <> 0 THEN 'COMBINEFUNC = ' || g.aggcombinefn END,
              CASE WHEN g.aggserialfn <> 0 THEN 'SERIALFUNC = ' || g.aggserialfn END,
              CASE WHEN g.aggdeserialfn <> 0 THEN 'DESERIALFUNC = ' || g.aggdeserialfn END,
              'INITCOND = ' || quote_literal(g.agginitval),
              CASE WHEN g.aggmtransfn <> 0 THEN 'MSFUNC = ' || g.aggmtransfn END,
              CASE WHEN g.aggminvtransfn <> 0 THEN 'MINVFUNC = ' || g.aggminvtransfn END,
              CASE WHEN g.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(g.aggmtranstype, NULL) END,
              'MSSPACE = ' || nullif(g.aggmtransspace, 0),
              CASE WHEN g.aggmfinalfn <> 0 THEN 'MFINALFUNC = ' || g.aggmfinalfn END,
              CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
              CASE WHEN g.aggmtransfn <> 0 AND g.aggmfinalmodify <> m.usual
                   THEN 'MFINALFUNC_MODIFY = ' || CASE g.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                                                                         ELSE 'READ_WRITE' END END,
              'MINITCOND = ' || quote_literal(g.aggminitval),
              'SORTOP = OPERATOR(' || quote_ident(sn.nspname) || '.' || so.oprname || ')',
              CASE WHEN g.aggkind = 'h' THEN 'HYPOTHETICAL' END,
              CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END)) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(p.proowner)::text AS owner
  FROM pg_aggregate g
  JOIN pg_proc p ON p.oid = g.aggfnoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
  LEFT JOIN (pg_operator so JOIN pg_namespace sn ON sn.oid = so.oprnamespace) ON so.oid = g.aggsortop
 CROSS JOIN LATERAL (SELECT CASE g.aggkind WHEN 'n' THEN 'r'::"char" ELSE 'w' END AS usual) m
 CROSS JOIN LATERAL (SELECT format('%I.%I(%s)', n.nspname, p.proname,
                                   coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*')) AS name) r
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

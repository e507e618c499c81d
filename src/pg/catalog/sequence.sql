-- Lists the sequences, but for those of identity columns; the options that are the default are left out.
SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, c.relname) AS ident,
       format('rel %I.%I', n.nspname, c.relname) AS space,
       format('SEQUENCE %I.%I', n.nspname, c.relname) AS called,
       concat('CREATE ', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END,
              format('SEQUENCE %I.%I', n.nspname, c.relname),
              CASE WHEN s.seqtypid <> 'int8'::regtype THEN ' AS ' || format_type(s.seqtypid, NULL) END,
              CASE WHEN s.seqincrement <> 1 THEN ' INCREMENT BY ' || s.seqincrement END,
              CASE WHEN s.seqmin <> b.min THEN ' MINVALUE ' || s.seqmin END,
              CASE WHEN s.seqmax <> b.max THEN ' MAXVALUE ' || s.seqmax END,
              CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END
                   THEN ' START WITH ' || s.seqstart END,
              CASE WHEN s.seqcache <> 1 THEN ' CACHE ' || s.seqcache END,
              CASE WHEN s.seqcycle THEN ' CYCLE' END) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(c.relowner)::text AS owner
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (
       SELECT CASE WHEN s.seqincrement > 0 THEN 1 ELSE -l.max - 1 END AS min,
              CASE WHEN s.seqincrement > 0 THEN l.max ELSE -1 END AS max
         FROM (SELECT CASE s.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
                                      ELSE 9223372036854775807 END AS max) l) b
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i');

-- Lists the columns that own a sequence: it is dropped with the column. Identity columns are not among them.
-- "inl" is how CREATE TABLE defines the column as serial, if the server would then create this sequence and this default.
-- Where the server cuts long names in the middle of other characters than those of ASCII, "inl" is NULL.
SELECT 'pg_class'::regclass::oid AS classid, s.oid AS objid, -1 AS subid,
       'pg_class'::regclass::oid AS pclass, s.oid AS pobj, 0 AS psub,
       n.nspname::text AS schema,
       format('%I.%I', n.nspname, s.relname) AS ident,
       NULL::text AS space,
       NULL::text AS called,
       format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, s.relname, tn.nspname, t.relname, a.attname) AS def,
       format('ALTER SEQUENCE %I.%I OWNED BY NONE', n.nspname, s.relname) AS drop,
       '' AS sig,
       CASE WHEN q.seqtypid = a.atttypid AND q.seqincrement = 1 AND q.seqmin = 1 AND q.seqstart = 1 AND q.seqcache = 1
             AND NOT q.seqcycle AND q.seqmax = w.max
             AND s.relnamespace = t.relnamespace AND s.relname = serial.name
             AND s.relpersistence = CASE WHEN t.relkind = 'r' AND current_setting('server_version_num')::int4 >= 150000
                                         THEN t.relpersistence ELSE 'p' END
             AND pg_get_expr(v.adbin, v.adrelid) = format('nextval(%L::regclass)', format('%I.%I', n.nspname, s.relname))
            THEN format('%I %s', a.attname, w.word) END AS inl,
       NULL::text AS type,
       '' AS flags,
       NULL::text AS owner
  FROM pg_class s
  JOIN pg_namespace n ON n.oid = s.relnamespace
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.objsubid = 0
   AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype = 'a'
  JOIN pg_class t ON t.oid = d.refobjid
  JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
  JOIN pg_sequence q ON q.seqrelid = s.oid
  LEFT JOIN pg_attrdef v ON v.adrelid = t.oid AND v.adnum = a.attnum AND a.attgenerated = ''
  LEFT JOIN (VALUES ('int2'::regtype, 'smallserial', 32767), ('int4'::regtype, 'serial', 2147483647),
                    ('int8'::regtype, 'bigserial', 9223372036854775807)) w (type, word, max) ON w.type = a.atttypid
 CROSS JOIN LATERAL (
       SELECT CASE WHEN octet_length(t.relname::text) + octet_length(a.attname::text) <= 58
                   THEN concat(t.relname, '_', a.attname, '_seq')
                   WHEN octet_length(t.relname::text) = length(t.relname) AND octet_length(a.attname::text) = length(a.attname)
                   THEN concat(left(t.relname, greatest(58 - length(a.attname), 29)), '_',
                               left(a.attname, greatest(58 - length(t.relname), 29)), '_seq') END AS name) serial
 WHERE s.relkind = 'S'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

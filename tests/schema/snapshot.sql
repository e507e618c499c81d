-- What a database holds, as lines of text, in no order, asked of the catalog without cmig's queries; then what must stay as it is.
-- Variables: snapshot and facts, the files to write. Casts and parentheses do not count: the server moves them about.
SET search_path = '';
SET DateStyle = 'ISO';
SET TimeZone = 'UTC';
SET client_min_messages = error;
\pset format unaligned
\pset tuples_only on
CREATE FUNCTION pg_temp.plain(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT pg_catalog.regexp_replace($1, '::[a-z0-9_ ."]+(\[\])?|[()]|[ \n]+', '', 'g') $$;
CREATE FUNCTION pg_temp.sorted(text[]) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT string_agg(x, '','' ORDER BY x) FROM unnest($1) x';
CREATE FUNCTION pg_temp.acl(acl aclitem[], kind "char", owner oid) RETURNS text STABLE LANGUAGE sql AS $$
    SELECT string_agg(format('%s=%s%s', coalesce(pg_get_userbyid(nullif(x.grantee, 0)), ''), x.privilege_type,
                             CASE WHEN x.is_grantable THEN '*' END), ',' ORDER BY x.grantee::regrole::text COLLATE "C", x.privilege_type COLLATE "C")
      FROM aclexplode(coalesce(acl, acldefault(kind, owner))) x $$;
CREATE TEMP VIEW spaces AS
    SELECT oid, nspname, nspowner, nspacl FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema';
-- What extensions bring is not looked at.
CREATE TEMP VIEW members AS SELECT classid, objid FROM pg_depend WHERE deptype = 'e';
CREATE TEMP VIEW rels AS
    SELECT c.*, c.oid::regclass::text AS name FROM pg_class c
     WHERE c.relnamespace IN (SELECT oid FROM spaces)
       AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid);

\o :snapshot
SELECT concat_ws(' | ', 'schema', nspname, CASE WHEN :'privileges' <> '' THEN pg_get_userbyid(nspowner) || pg_temp.acl(nspacl, 'n', nspowner) END)
  FROM spaces;
SELECT concat_ws(' | ', 'relation', c.name, c.relkind, c.relpersistence, am.amname, 'options ' || pg_temp.sorted(c.reloptions),
                 'toast ' || pg_temp.sorted(t.reloptions), 'of ' || nullif(c.reloftype, 0)::regtype, 'replica ' || c.relreplident::text,
                 'rls ' || c.relrowsecurity || c.relforcerowsecurity, pg_get_userbyid(c.relowner),
                 'by ' || CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
                 'bound ' || pg_get_expr(c.relpartbound, c.oid),
                 CASE WHEN c.relkind IN ('v', 'm') THEN pg_temp.plain(pg_get_viewdef(c.oid)) END,
                 CASE WHEN c.relkind = 'm' THEN c.relispopulated END,
                 CASE WHEN c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
                      THEN pg_temp.acl(c.relacl, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner) END)
  FROM rels c LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_class t ON t.oid = c.reltoastrelid;
SELECT concat_ws(' | ', 'column', c.name, CASE WHEN c.relkind IN ('v', 'm', 'c') THEN row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) END,
                 a.attname, format_type(a.atttypid, a.atttypmod), nullif(a.attcollation, 0)::regcollation::text,
                 CASE WHEN a.attnotnull THEN 'not null' END, 'identity ' || nullif(a.attidentity::text, ''), 'generated ' || nullif(a.attgenerated::text, ''),
                 'default ' || pg_temp.plain(pg_get_expr(d.adbin, d.adrelid)), a.attstorage, to_jsonb(a) ->> 'attcompression',
                 'statistics ' || nullif(a.attstattarget, -1), pg_temp.sorted((SELECT array_agg(o) FROM unnest(a.attoptions) o WHERE o !~ '^pg_')), pg_temp.sorted(a.attfdwoptions), a.attacl::text,
                 a.attinhcount)
  FROM rels c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relkind NOT IN ('i', 'I', 'S');
SELECT concat_ws(' | ', 'constraint', coalesce(c.name, format_type(k.contypid, NULL)), k.conname, pg_temp.plain(pg_get_constraintdef(k.oid)),
                 k.convalidated, k.coninhcount, k.connoinherit AND k.contype = 'c', k.conparentid <> 0, k.condeferrable, k.condeferred)
  FROM pg_constraint k LEFT JOIN rels c ON c.oid = k.conrelid
 WHERE k.connamespace IN (SELECT oid FROM spaces) AND k.contype <> 't' AND NOT (k.contype = 'n' AND k.coninhcount > 0)
   AND NOT (k.contype = 'f' AND k.conparentid <> 0) -- made for a partition, under a name that nobody chose
   AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_type'::regclass AND m.objid = k.contypid)
   AND (k.conrelid = 0 OR c.oid IS NOT NULL);
SELECT concat_ws(' | ', 'index', c.name, pg_temp.plain(pg_get_indexdef(c.oid)), 'clustered ' || i.indisclustered, i.indisvalid, i.indisprimary, i.indisreplident,
                 (SELECT string_agg(a.attnum || ':' || a.attstattarget, ',' ORDER BY a.attnum) FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attstattarget >= 0))
  FROM rels c JOIN pg_index i ON i.indexrelid = c.oid;
SELECT concat_ws(' | ', 'inherits', i.inhrelid::regclass, i.inhparent::regclass, CASE WHEN c.relkind = 'r' THEN row_number() OVER (PARTITION BY c.oid ORDER BY i.inhseqno) END)
  FROM pg_inherits i JOIN rels c ON c.oid = i.inhrelid;
SELECT concat_ws(' | ', 'sequence', c.name, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle,
                 (SELECT string_agg(concat_ws(' ', d.deptype, d.refobjid::regclass, a.attname), ',') FROM pg_depend d
                    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                   WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass))
  FROM rels c JOIN pg_sequence s ON s.seqrelid = c.oid;
SELECT concat_ws(' | ', 'trigger', c.name, t.tgname, pg_temp.plain(pg_get_triggerdef(t.oid)), t.tgenabled, t.tgparentid <> 0)
  FROM rels c JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal;
SELECT concat_ws(' | ', 'rule', c.name, pg_temp.plain(pg_get_ruledef(r.oid)), r.ev_enabled)
  FROM rels c JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN';
SELECT concat_ws(' | ', 'policy', c.name, p.polname, p.polcmd, p.polpermissive, p.polroles::regrole[]::text,
                 pg_temp.plain(pg_get_expr(p.polqual, p.polrelid)), 'check ' || pg_temp.plain(pg_get_expr(p.polwithcheck, p.polrelid)))
  FROM rels c JOIN pg_policy p ON p.polrelid = c.oid;
SELECT concat_ws(' | ', 'type', t.oid::regtype, t.typtype, t.typlen, t.typcategory, pg_get_userbyid(t.typowner), pg_temp.acl(t.typacl, 'T', t.typowner),
                 'base ' || format_type(nullif(t.typbasetype, 0), t.typtypmod), nullif(t.typcollation, 0)::regcollation::text, t.typnotnull,
                 'default ' || pg_temp.plain(coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault)),
                 (SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
                 (SELECT concat_ws(' ', r.rngsubtype::regtype, nullif(r.rngcollation, 0)::regcollation, r.rngcanonical, r.rngsubdiff, (to_jsonb(r) ->> 'rngmultitypid')::oid::regtype)
                    FROM pg_range r WHERE r.rngtypid = t.oid))
  FROM pg_type t
 WHERE t.typnamespace IN (SELECT oid FROM spaces) AND t.typelem = 0
   AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
   AND (t.typrelid = 0 OR EXISTS (SELECT FROM rels c WHERE c.oid = t.typrelid AND c.relkind = 'c'));
SELECT concat_ws(' | ', 'routine', p.oid::regprocedure, p.prokind, pg_temp.plain(CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END),
                 pg_get_userbyid(p.proowner), pg_temp.acl(p.proacl, 'f', p.proowner), p.proparallel, to_jsonb(g) - 'aggfnoid')
  FROM pg_proc p LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
 WHERE p.pronamespace IN (SELECT oid FROM spaces)
   AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i');
SELECT concat_ws(' | ', 'statistics', s.stxname, s.stxrelid::regclass, s.stxkind::text,
                 (SELECT string_agg(a.attname, ',' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::int2[])),
                 substr(pg_temp.plain(pg_get_statisticsobjdef(s.oid)), 1, CASE WHEN 'e' = ANY (s.stxkind::text[]) THEN 1000 ELSE 0 END), s.stxstattarget, pg_get_userbyid(s.stxowner))
  FROM pg_statistic_ext s;
SELECT concat_ws(' | ', 'operator', o.oid::regoperator, o.oprcode, o.oprrest, o.oprjoin, o.oprcanhash, o.oprcanmerge,
                 nullif(o.oprcom, 0)::regoperator, nullif(o.oprnegate, 0)::regoperator)
  FROM pg_operator o WHERE o.oprnamespace IN (SELECT oid FROM spaces) AND o.oprcode <> 0
   AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_operator'::regclass AND m.objid = o.oid);
SELECT concat_ws(' | ', 'operator family', f.opfname, m.amname,
                 (SELECT string_agg(o.amopstrategy || ' ' || o.amopopr::regoperator, ',' ORDER BY o.amopstrategy, o.amopopr::regoperator::text) FROM pg_amop o WHERE o.amopfamily = f.oid),
                 (SELECT string_agg(p.amprocnum || ' ' || p.amproc, ',' ORDER BY p.amprocnum) FROM pg_amproc p WHERE p.amprocfamily = f.oid),
                 (SELECT string_agg(concat_ws(' ', c.opcname, c.opcdefault, c.opcintype::regtype, c.opckeytype::regtype), ',' ORDER BY c.opcname) FROM pg_opclass c WHERE c.opcfamily = f.oid))
  FROM pg_opfamily f JOIN pg_am m ON m.oid = f.opfmethod WHERE f.opfnamespace IN (SELECT oid FROM spaces)
   AND NOT EXISTS (SELECT FROM members x WHERE x.classid = 'pg_opfamily'::regclass AND x.objid = f.oid);
SELECT concat_ws(' | ', 'cast', c.castsource::regtype, c.casttarget::regtype, nullif(c.castfunc, 0)::regprocedure, c.castcontext, c.castmethod)
  FROM pg_cast c WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_cast'::regclass AND m.objid = c.oid);
SELECT concat_ws(' | ', 'collation', c.oid::regcollation, c.collprovider, c.collcollate, c.collisdeterministic)
  FROM pg_collation c WHERE c.collnamespace IN (SELECT oid FROM spaces);
SELECT concat_ws(' | ', 'conversion', c.conname, c.conforencoding, c.contoencoding, c.conproc, c.condefault)
  FROM pg_conversion c WHERE c.connamespace IN (SELECT oid FROM spaces);
SELECT concat_ws(' | ', 'dictionary', d.oid::regdictionary, d.dicttemplate, d.dictinitoption)
  FROM pg_ts_dict d WHERE d.dictnamespace IN (SELECT oid FROM spaces);
SELECT concat_ws(' | ', 'configuration', c.oid::regconfig, c.cfgparser,
                 (SELECT string_agg(concat_ws(' ', m.maptokentype, m.mapdict::regdictionary), ',' ORDER BY m.maptokentype, m.mapseqno)
                    FROM pg_ts_config_map m WHERE m.mapcfg = c.oid))
  FROM pg_ts_config c WHERE c.cfgnamespace IN (SELECT oid FROM spaces);
SELECT concat_ws(' | ', 'extension', e.extname, e.extnamespace::regnamespace, e.extversion) FROM pg_extension e;
SELECT concat_ws(' | ', 'wrapper', f.fdwname, pg_temp.sorted(f.fdwoptions)) FROM pg_foreign_data_wrapper f;
SELECT concat_ws(' | ', 'server', s.srvname, s.srvtype, s.srvversion, pg_temp.sorted(s.srvoptions)) FROM pg_foreign_server s;
SELECT concat_ws(' | ', 'foreign table', f.ftrelid::regclass, s.srvname, pg_temp.sorted(f.ftoptions))
  FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver;
SELECT concat_ws(' | ', 'mapping', m.usename, m.srvname, pg_temp.sorted(m.umoptions)) FROM pg_user_mappings m;
SELECT concat_ws(' | ', 'language', l.lanname, l.lanpltrusted) FROM pg_language l;
SELECT concat_ws(' | ', 'access method', m.amname, m.amtype, m.amhandler) FROM pg_am m;
SELECT concat_ws(' | ', 'event trigger', e.evtname, e.evtevent, e.evtfoid::regproc, e.evtenabled, e.evttags::text) FROM pg_event_trigger e;
SELECT concat_ws(' | ', 'publication', p.pubname, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot,
                 (SELECT string_agg(concat_ws(' ', r.prrelid::regclass, (to_jsonb(r) ->> 'prattrs') IS NOT NULL, (to_jsonb(r) ->> 'prqual') IS NOT NULL), ',' ORDER BY r.prrelid::regclass::text)
                    FROM pg_publication_rel r WHERE r.prpubid = p.oid)) FROM pg_publication p;
SELECT concat_ws(' | ', 'default privileges', d.defaclrole::regrole, nullif(d.defaclnamespace, 0)::regnamespace, d.defaclobjtype, d.defaclacl::text)
  FROM pg_default_acl d;
SELECT concat_ws(' | ', 'comment', i.type, i.identity, d.description)
  FROM (SELECT * FROM pg_description WHERE objoid >= 16384 OR classoid = 'pg_namespace'::regclass OFFSET 0) d
 CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
 WHERE (d.objoid >= 16384 OR i.identity = 'public') AND i.type IS NOT NULL
   AND NOT EXISTS (SELECT FROM members m WHERE m.classid = d.classoid AND m.objid = d.objoid);

\o :facts
SELECT concat_ws(E'\t', c.name, c.oid, '') FROM rels c WHERE c.relkind IN ('r', 'p', 'f');
SELECT concat_ws(E'\t', format('%s.%I', c.name, a.attname), c.oid || ' ' || a.attnum, '')
  FROM rels c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind IN ('r', 'p', 'f');
SELECT format('SELECT %L || count(*) FROM ONLY %s', concat_ws(E'\t', c.name || ' rows', ''), c.name)
  FROM rels c WHERE c.relkind = 'r' \gexec
-- The values of a column that keeps its type; the type is a part of the name.
SELECT format('SELECT %L || left(string_agg(coalesce(%I::text, ''null''), '','' ORDER BY ctid), 200) FROM ONLY %s',
              concat_ws(E'\t', format('%s.%I values of %s', c.name, a.attname, format_type(a.atttypid, a.atttypmod)), ''), a.attname, c.name)
  FROM rels c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind = 'r' \gexec
\o

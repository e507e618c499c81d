-- Lists the event triggers.
SELECT 'pg_event_trigger'::regclass::oid AS classid, e.oid AS objid, 0 AS subid,
       NULL::oid AS pclass, NULL::oid AS pobj, NULL::int4 AS psub,
       NULL::text AS schema,
       quote_ident(e.evtname) AS ident,
       NULL::text AS space,
       'EVENT TRIGGER ' || quote_ident(e.evtname) AS called,
       concat('CREATE EVENT TRIGGER ', quote_ident(e.evtname), ' ON ', e.evtevent,
              ' WHEN TAG IN (' || t.tags || ')',
              format(' EXECUTE FUNCTION %I.%I()', n.nspname, p.proname)) AS def,
       NULL::text AS drop,
       NULL::text AS sig,
       NULL::text AS inl,
       NULL::text AS type,
       '' AS flags,
       pg_get_userbyid(e.evtowner)::text AS owner
  FROM pg_event_trigger e
  JOIN pg_proc p ON p.oid = e.evtfoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL (SELECT string_agg(quote_literal(u.tag), ', ' ORDER BY u.place) AS tags
                       FROM unnest(e.evttags) WITH ORDINALITY u (tag, place)) t
 WHERE e.oid >= 16384;

-- The attributes of composite types, and the labels of enum types: psql -v types="{16384}" -f fill_parts.sql.
SELECT a.oid, a.part, a.modifier, a.label
  FROM (SELECT t.oid, e.atttypid AS part, e.atttypmod AS modifier, NULL::pg_catalog.text AS label, e.attnum::pg_catalog.float4 AS number
          FROM pg_catalog.pg_type t
          JOIN pg_catalog.pg_attribute e ON e.attrelid OPERATOR(pg_catalog.=) t.typrelid
           AND e.attnum OPERATOR(pg_catalog.>) 0 AND NOT e.attisdropped
         WHERE t.typtype OPERATOR(pg_catalog.=) 'c'
        UNION ALL
        SELECT l.enumtypid, 0, -1, l.enumlabel, l.enumsortorder
          FROM pg_catalog.pg_enum l) a
 WHERE a.oid OPERATOR(pg_catalog.=) ANY (:'types'::pg_catalog.oid[])
 ORDER BY a.oid, a.number;

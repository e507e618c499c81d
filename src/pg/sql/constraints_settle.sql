-- Checks deferred constraints and runs deferred triggers at the end of a revision, so that a violation names the revision, and
-- the next one can alter the tables. Then each constraint is deferred again, or not, as at the beginning of a transaction.
-- which: "written", the constraints of tables that this transaction has written to; "all", if the revision may have set others;
-- "created", after an earlier SET CONSTRAINTS ALL, which new constraints follow too: all are put back, and none is checked.
-- SET CONSTRAINTS ALL would set constraints of later revisions as well. SET CONSTRAINTS knows a constraint by name and schema,
-- and refuses to defer a name that a constraint that is not deferrable has as well: such names are left out.
-- psql -v which=all -f constraints_settle.sql
SET LOCAL cmig.constraints = :'which';
DO $cmig$
DECLARE
    now   pg_catalog.text;
    later pg_catalog.text;
BEGIN
    SELECT pg_catalog.string_agg(DISTINCT x.name, ', ')
               FILTER (WHERE NOT x.condeferred OR pg_catalog.current_setting('cmig.constraints') OPERATOR(pg_catalog.<>) 'created'),
           pg_catalog.string_agg(DISTINCT x.name, ', ') FILTER (WHERE x.condeferred)
      INTO now, later
      FROM (SELECT pg_catalog.format('%I.%I', n.nspname, c.conname) AS name, c.condeferred
              FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.connamespace
             WHERE c.condeferrable AND NOT pg_catalog.pg_is_other_temp_schema(n.oid) AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
               AND (pg_catalog.concat(pg_catalog.pg_stat_get_xact_tuples_inserted(c.conrelid), pg_catalog.pg_stat_get_xact_tuples_updated(c.conrelid),
                        pg_catalog.pg_stat_get_xact_tuples_deleted(c.conrelid), pg_catalog.pg_stat_get_xact_tuples_updated(c.confrelid),
                        pg_catalog.pg_stat_get_xact_tuples_deleted(c.confrelid)) OPERATOR(pg_catalog.<>) '00000'
                    OR pg_catalog.current_setting('cmig.constraints') OPERATOR(pg_catalog.<>) 'written'
                    OR pg_catalog.current_setting('track_counts') OPERATOR(pg_catalog.=) 'off')
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conname OPERATOR(pg_catalog.=) c.conname
                                  AND o.connamespace OPERATOR(pg_catalog.=) c.connamespace AND NOT o.condeferrable)) x;
    IF now IS NOT NULL THEN
        EXECUTE pg_catalog.concat('SET CONSTRAINTS ', now, ' IMMEDIATE');
    END IF;
    IF later IS NOT NULL THEN
        EXECUTE pg_catalog.concat('SET CONSTRAINTS ', later, ' DEFERRED');
    END IF;
END
$cmig$;

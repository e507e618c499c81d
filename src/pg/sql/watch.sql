-- What a session of the server is at: the lock it waits for, who holds that, and how far an index build is.
-- What sessions do is hidden from a role that was set at login, so it is read as the user who logged in.
-- psql -v pid=4711 -f watch.sql
BEGIN;
SET LOCAL ROLE NONE;
SELECT (SELECT CASE WHEN l.locktype OPERATOR(pg_catalog.=) 'virtualxid' THEN 'the end of an older transaction: '
                    ELSE pg_catalog.concat(l.mode, ' on ', coalesce(l.relation::pg_catalog.regclass::pg_catalog.text, l.locktype), ', held by ') END
          FROM pg_catalog.pg_locks l WHERE l.pid OPERATOR(pg_catalog.=) :'pid'::pg_catalog.int4 AND NOT l.granted LIMIT 1) AS waits_for,
       (SELECT pg_catalog.string_agg(pg_catalog.concat('pid ', b.pid, ' (', coalesce(CASE WHEN a.application_name OPERATOR(pg_catalog.<>) '' THEN a.application_name END, 'no application_name'),
                   ', user ', a.usename, ', ', coalesce(a.state, 'state not visible'),
                   ', transaction open for ' OPERATOR(pg_catalog.||) extract(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) a.xact_start)::pg_catalog.int8 OPERATOR(pg_catalog.||) ' s',
                   ', query started ' OPERATOR(pg_catalog.||) pg_catalog.to_char(a.query_start, 'YYYY-MM-DD HH24:MI:SS'), ')'), '; ')
          FROM (SELECT DISTINCT x.pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(:'pid'::pg_catalog.int4)) AS x(pid) LIMIT 8) b
          LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid OPERATOR(pg_catalog.=) b.pid) AS blockers,
       (SELECT pg_catalog.concat(p.phase, CASE WHEN greatest(p.blocks_total, p.tuples_total) OPERATOR(pg_catalog.>) 0 THEN
                   pg_catalog.concat(' ', 100 OPERATOR(pg_catalog.*) CASE WHEN p.blocks_total OPERATOR(pg_catalog.>) 0 THEN p.blocks_done ELSE p.tuples_done END
                                          OPERATOR(pg_catalog./) CASE WHEN p.blocks_total OPERATOR(pg_catalog.>) 0 THEN p.blocks_total ELSE p.tuples_total END, ' %') END)
          FROM pg_catalog.pg_stat_progress_create_index p WHERE p.pid OPERATOR(pg_catalog.=) :'pid'::pg_catalog.int4) AS progress,
       (SELECT a.application_name FROM pg_catalog.pg_stat_activity a WHERE a.pid OPERATOR(pg_catalog.=) :'pid'::pg_catalog.int4) AS application;
COMMIT;

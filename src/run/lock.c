/* The lock that lets one run at a time change a version table: tried in turns with growing pauses. */
#include "run/lock.h"

#include <string.h>

#include "base/clock.h"

static const double first_pause_ms = 20, longest_pause_ms = 1e3, told_after_ms = 1e3, told_every_ms = 30e3;

/* One attempt: the transaction stays open if the lock is ours. */
static bool try_lock(Conn *conn, const char *sql, bool *ours, Err *err)
{
    QUERY_RESULT(results, ONE_ROW(1));
    if (!query_run(conn, sql, &results, err))
        return false;
    *ours = strcmp(PQgetvalue(results.rows[0], 0, 0), "t") == 0;
    return *ours || query_run(conn, "ROLLBACK", NULL, err);
}

/* "pid 4711 (cmig upgrade a1b2, user app, since 2026-11-20 12:00:00)". */
static bool find_holder(Conn *conn, Arena *arena, const VersionTable *version, const char **out, Err *err)
{
    QUERY_RESULT(results, ROWS(4));
    StrBuf sql = {.arena = arena};
    sql_fill(&sql, sql_lock_holder,
             (SqlValue[]){{"schema", version->schema}, {"version_table", version->table}}, 2);
    if (!query_run(conn, sb_done(&sql), &results, err))
        return false;
    const PGresult *row = results.rows[0];
    if (PQntuples(row) == 0 || PQgetisnull(row, 0, 0))
        *out = "a session that may not be seen, or that is ending";
    else
        *out = arena_printf(arena, "pid %s (%s, user %s%s%s)", PQgetvalue(row, 0, 0), PQgetvalue(row, 0, 1),
                            PQgetvalue(row, 0, 2), PQgetisnull(row, 0, 3) ? "" : ", since ",
                            PQgetvalue(row, 0, 3));
    return true;
}

static bool waited_enough(const LockWait *wait, const char *holder, Err *err)
{
    err_fail(err, CMIG_ERR_STATE, "another run has held the lock of this database for %.0f seconds: %s",
             wait->longest_ms / 1e3, holder);
    return err_hint(
        err,
        "wait until it has ended, or end it: SELECT pg_terminate_backend(PID); lock_wait says how long to "
        "wait");
}

bool lock_begin(Conn *conn, const VersionTable *version, const LockWait *wait, bool idle, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    double start = clock_ms(), pause = first_pause_ms, tell_at = start + told_after_ms;
    bool ours = false;
    sb_text(&sql, "BEGIN ISOLATION LEVEL READ COMMITTED;");
    sb_text(&sql, idle ? "SET LOCAL idle_in_transaction_session_timeout = 0;" : "");
    if (idle && PQserverVersion(conn->pg) >= 170000)
        sb_text(&sql, "SET LOCAL transaction_timeout = 0;");
    sql_fill(&sql, sql_lock, (SqlValue[]){{"schema", version->schema}, {"version_table", version->table}}, 2);
    while (try_lock(conn, sb_done(&sql), &ours, err)) {
        if (ours)
            return true;
        double now = clock_ms();
        bool enough = now - start >= wait->longest_ms;
        const char *holder;
        if (enough || now >= tell_at) {
            if (!find_holder(conn, &tmp, version, &holder, err))
                break;
            if (enough)
                return waited_enough(wait, holder, err);
            wait->tell(wait->context, arena_printf(&tmp, "waiting for another run: %s", holder));
            tell_at = now + told_every_ms;
        }
        if (!conn_pause(conn, clock_jitter(pause), err))
            return err_while(err, "waiting for another run");
        pause = pause * 1.5 < longest_pause_ms ? pause * 1.5 : longest_pause_ms;
    }
    return err_while(err, "waiting for the lock");
}

/* The lock that lets one run at a time change a version table: tried in turns with growing pauses. */
#include "pg/lock.h"

#include <string.h>

#include "base/clock.h"

static const double longest_wait_ms = 5 * 60 * 1e3, first_pause_ms = 20, longest_pause_ms = 1e3;

/* One attempt: the transaction stays open if the lock is ours. */
static bool try_lock(Conn *conn, const char *sql, bool *ours, Err *err)
{
    QUERY_RESULT(results);
    if (!query_run(conn, sql, &results, err))
        return false;
    *ours = strcmp(PQgetvalue(results.rows[0], 0, 0), "t") == 0;
    return *ours || query_run(conn, "ROLLBACK", NULL, err);
}

bool lock_begin(Conn *conn, const VersionTable *version, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    double start = clock_ms(), pause = first_pause_ms;
    bool ours = false;
    sb_text(&sql, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
                  "SET LOCAL idle_in_transaction_session_timeout = 0;");
    sql_fill(&sql, sql_lock, (SqlValue[]){{"schema", version->schema}, {"version_table", version->table}}, 2);
    while (try_lock(conn, sb_done(&sql), &ours, err)) {
        if (ours)
            return true;
        if (clock_ms() - start > longest_wait_ms) {
            err_fail(err, CMIG_ERR_STATE, "another run has held the lock of this database for 5 minutes");
            return err_hint(err,
                            "find it: SELECT pid, application_name, state FROM pg_stat_activity WHERE pid IN "
                            "(SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
        }
        if (!conn_pause(conn, pause, err))
            return false;
        pause = pause * 1.5 < longest_pause_ms ? pause * 1.5 : longest_pause_ms;
    }
    return err_while(err, "waiting for the lock");
}

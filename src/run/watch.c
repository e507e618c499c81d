/* Watching a statement that takes long, from a connection of its own: who blocks it, and how far it is. */
#include "run/watch.h"

#include <stdio.h>

#include "base/clock.h"

enum { WAITS_FOR, BLOCKERS, PROGRESS, APPLICATION, COLUMNS }; /* the columns of sql/watch.sql */

static bool connected(Watch *watch)
{
    Err ignored; /* watching is a service, not the work */
    if (!watch->conn.pg && !watch->failed)
        watch->failed = !conn_again(&watch->conn, watch->work, "cmig-watch", &ignored);
    return !watch->failed && !conn_lost(&watch->conn);
}

/* Asks what the statement waits for. What was seen last stays known when it has failed. */
static void look(Watch *watch, double running_ms)
{
    SCRATCH(tmp);
    Err ignored;
    QUERY_RESULT(seen, ROWS(COLUMNS));
    StrBuf sql = {.arena = &tmp};
    sql_fill(&sql, sql_watch, (SqlValue[]){{"pid", watch->work->pid}}, 1);
    if (!connected(watch) || !query_run(&watch->conn, sb_done(&sql), &seen, &ignored) ||
        PQntuples(seen.rows[0]) == 0)
        return;
    const PGresult *row = seen.rows[0];
    if (!PQgetisnull(row, 0, BLOCKERS))
        snprintf(watch->blockers, sizeof watch->blockers, "%s%s",
                 PQgetisnull(row, 0, WAITS_FOR) ? "a lock, held by " : PQgetvalue(row, 0, WAITS_FOR),
                 PQgetvalue(row, 0, BLOCKERS));
    if (watch->tell)
        watch->tell(watch->context, running_ms, PQgetvalue(row, 0, APPLICATION),
                    !PQgetisnull(row, 0, BLOCKERS)   ? arena_printf(&tmp, "waits for %s", watch->blockers)
                    : !PQgetisnull(row, 0, PROGRESS) ? PQgetvalue(row, 0, PROGRESS)
                                                     : NULL);
}

static void on_wait(void *context, double running_ms)
{
    enum { EVERY_MS = 400 };
    Watch *watch = context;
    double now = clock_ms();
    if (!*watch->work->pid || now - watch->looked_at < EVERY_MS)
        return;
    look(watch, running_ms);
    watch->looked_at = clock_ms();
}

void watch_start(Watch *watch, Conn *work)
{
    *watch = (Watch){.work = work};
    work->waiting = on_wait;
    work->waiting_context = watch;
}

void watch_end(Watch *watch)
{
    if (watch->work)
        watch->work->waiting = NULL;
    conn_close(&watch->conn);
}

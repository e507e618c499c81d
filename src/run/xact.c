/* What became of a transaction whose COMMIT was not answered. */
#include "run/xact.h"

#include <string.h>

enum { TRIES = 50, PAUSE_MS = 200 };

/* "committed", "aborted" or "in progress"; NULL, which the server says of very old ones, is none of these. */
static bool ask_status(Conn *conn, const char *xid, XactFate *out, bool *running, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(answer, ONE_ROW(1));
    StrBuf sql = {.arena = &tmp};
    sql_fill(&sql, sql_xact_status, (SqlValue[]){{"xid", xid}}, 1);
    if (!query_run(conn, sb_done(&sql), &answer, err))
        return false;
    const char *status = PQgetvalue(answer.rows[0], 0, 0);
    *running = strcmp(status, "in progress") == 0;
    *out = strcmp(status, "committed") == 0 ? XACT_COMMITTED
           : strcmp(status, "aborted") == 0 ? XACT_ABORTED
                                            : XACT_UNKNOWN;
    return true;
}

/* What the rows say: nothing, where the transaction would not have changed them, or somebody else has. */
static XactFate fate_by_rows(const LostCommit *commit, const VersionTable *now)
{
    bool before = version_holds(now, commit->before), after = version_holds(now, commit->after);
    return before == after ? XACT_UNKNOWN : after ? XACT_COMMITTED : XACT_ABORTED;
}

/* *running: it is too early to ask. */
static bool ask(Conn *conn, const LostCommit *commit, Arena *arena, VersionTable *now, const char *server,
                XactFate *out, bool *running, Err *err)
{
    XactFate status = XACT_UNKNOWN;
    if (!version_read(conn, arena, now, false, err))
        return false;
    *running = now->standby;
    if (*running)
        return true;
    if (strcmp(now->server, server) == 0) {
        if (!ask_status(conn, commit->xid, &status, running, err))
            return false;
        if (!*running && !version_read(conn, arena, now, false, err)) /* it may have ended in between */
            return false;
    }
    *out = fate_by_rows(commit, now);
    if (status == XACT_ABORTED)
        *out = XACT_ABORTED;
    else if (status == XACT_COMMITTED && *out == XACT_ABORTED)
        *out = XACT_UNKNOWN;
    return true;
}

XactFate xact_fate(const LostCommit *commit, Arena *arena, VersionTable *version, bool *same_server)
{
    Err ignored; /* then nobody knows */
    const Conn *lost = commit->lost;
    XactFate fate = XACT_UNKNOWN;
    bool running = true;
    *same_server = false;
    for (int tries = 0; running && tries < TRIES; tries++) {
        Conn conn = {.pg = NULL}; /* a server that is starting again refuses, or ends what it took */
        VersionTable now = *version;
        bool asked = conn_start(&conn, &lost->options, &ignored) && conn_finish(&conn, &ignored) &&
                     ask(&conn, commit, arena, &now, version->server, &fate, &running, &ignored);
        conn_close(&conn);
        if (asked && !running && fate != XACT_UNKNOWN) {
            *same_server = strcmp(now.server, version->server) == 0;
            *version = now;
        }
        if ((!asked || running) && !conn_pause(lost, PAUSE_MS, &ignored))
            break;
    }
    return running ? XACT_UNKNOWN : fate;
}

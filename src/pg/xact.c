/* What became of a transaction whose COMMIT was not answered. */
#include "pg/xact.h"

#include <string.h>

enum { TRIES = 50, PAUSE_MS = 200 };

/* "committed", "aborted" or "in progress"; NULL, which the server says of very old ones, is none of these. */
static bool ask(Conn *conn, const char *xid, XactFate *out, bool *running, Err *err)
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

XactFate xact_fate(const Conn *lost, const char *xid)
{
    Err ignored; /* then nobody knows */
    XactFate fate = XACT_UNKNOWN;
    bool running = true;
    for (int tries = 0; running && tries < TRIES; tries++) {
        Conn conn = {.pg = NULL}; /* a server that is starting again refuses, or ends what it took */
        bool asked = conn_again(&conn, lost, "cmig", &ignored) && ask(&conn, xid, &fate, &running, &ignored);
        conn_close(&conn);
        if ((!asked || running) && !conn_pause(lost, PAUSE_MS, &ignored))
            break;
    }
    return fate;
}

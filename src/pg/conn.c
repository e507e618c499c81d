/* A connection: made while other work goes on, waited on so that an interrupt is heard, never showing a
 * password. */
#include "pg/conn.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "pg/own_sql.h"

void result_clear(PGresult **result)
{
    PQclear(*result);
}

bool conn_interrupted(const Conn *conn)
{
    return conn->options.interrupted && *conn->options.interrupted;
}

int conn_major(const Conn *conn)
{
    return conn->pg ? PQserverVersion(conn->pg) / 10000 : 0;
}

bool conn_backslashes(const Conn *conn)
{
    const char *value = conn->pg ? PQparameterStatus(conn->pg, "standard_conforming_strings") : NULL;
    return value && strcmp(value, "off") == 0;
}

bool conn_lost(const Conn *conn)
{
    return !conn->pg || conn->broken || PQstatus(conn->pg) != CONNECTION_OK;
}

static bool interrupted(Err *err)
{
    return err_fail(err, CMIG_ERR_INTERRUPTED, "interrupted");
}

/* ------------------------------------------------------------------ connecting */

static void on_notice(void *context, const PGresult *result)
{
    const Conn *conn = context;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    if (conn->options.notice && severity && message)
        conn->options.notice(conn->options.context,
                             &(Notice){conn->running ? conn->running : "", severity, message,
                                       detail ? detail : "", hint ? hint : ""});
}

/* connect_timeout, which libpq leaves to the caller here. */
static double deadline_of(PGconn *pg)
{
    __attribute__((cleanup(conninfo_free))) PQconninfoOption *info = PQconninfo(pg);
    size_t seconds = 0;
    for (const PQconninfoOption *option = info; option && option->keyword; option++)
        if (strcmp(option->keyword, "connect_timeout") == 0 && option->val)
            if (!str_to_size(str_of(option->val), &seconds))
                seconds = 0;
    return seconds ? clock_ms() + 1e3 * (double)(seconds < 2 ? 2 : seconds) : 0;
}

bool conn_start(Conn *conn, const ConnOptions *options, Err *err)
{
    SCRATCH(tmp);
    ConnParams params = {.len = 0};
    *conn = (Conn){.options = *options, .polling = PGRES_POLLING_WRITING};
    if (!conninfo_params(&tmp, options, &params, err))
        return false;
    params.keys[params.len] = params.values[params.len] = NULL;
    conn->pg = PQconnectStartParams(params.keys, params.values, *params.values[0] != '\0');
    if (!conn->pg)
        return err_fail(err, CMIG_ERR_CONNECT, "out of memory");
    if (PQstatus(conn->pg) == CONNECTION_BAD)
        conn->polling = PGRES_POLLING_FAILED;
    conn->deadline = deadline_of(conn->pg);
    PQsetNoticeReceiver(conn->pg, on_notice, conn);
    conn_progress(conn);
    return true;
}

/* Waits for the socket up to so many milliseconds; false where nothing came. */
static bool wait_socket(const Conn *conn, short events, int timeout)
{
    struct pollfd fd = {.fd = PQsocket(conn->pg), .events = events};
    return fd.fd < 0 || poll(&fd, 1, timeout) > 0;
}

static bool connecting(const Conn *conn)
{
    return conn->polling == PGRES_POLLING_READING || conn->polling == PGRES_POLLING_WRITING;
}

void conn_progress(Conn *conn)
{
    while (conn->pg && connecting(conn) &&
           wait_socket(conn, conn->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0))
        conn->polling = PQconnectPoll(conn->pg);
}

static bool not_connected(const Conn *conn, Err *err)
{
    Str text = str_trim(str_of(PQerrorMessage(conn->pg)));
    err_fail(err, CMIG_ERR_CONNECT, "%.*s", STR_ARG(text));
    if (PQconnectionNeedsPassword(conn->pg))
        return err_hint(err, "put the password in ~/.pgpass or PGPASSWORD, or in the url");
    if (strstr(err->message, "authentication failed"))
        return err_hint(err, "check the user and the password");
    if (strstr(err->message, "does not exist"))
        return err_hint(err, "check the names in the url; `createdb NAME` makes a database");
    return err_hint(err, "check that the server runs there and the url is right");
}

enum { HEARD_EVERY = 100 }; /* milliseconds until an interrupt that came just before poll() is heard */

static bool wait_connected(Conn *conn, Err *err)
{
    while (connecting(conn)) {
        if (conn_interrupted(conn))
            return interrupted(err);
        if (conn->deadline > 0 && clock_ms() > conn->deadline) {
            err_fail(err, CMIG_ERR_CONNECT, "the server did not answer within connect_timeout");
            return err_hint(err, "check that the server runs there and the url is right");
        }
        if (wait_socket(conn, conn->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT, HEARD_EVERY))
            conn->polling = PQconnectPoll(conn->pg);
    }
    return conn->polling == PGRES_POLLING_OK || not_connected(conn, err);
}

/* pgbouncer takes none, or only those that it knows. */
static bool refuses_options(const Conn *conn)
{
    return conn->pg && strstr(PQerrorMessage(conn->pg), "unsupported startup parameter");
}

bool conn_finish(Conn *conn, Err *err)
{
    if (wait_connected(conn, err))
        return true;
    if (!refuses_options(conn) || (!*conn->options.lock_timeout && !*conn->options.statement_timeout &&
                                   !conninfo_holds(&conn->options.variables)))
        return false;
    ConnOptions with = conn->options, without = with;
    without.lock_timeout = without.statement_timeout = "";
    without.variables.len = 0;
    conn_close(conn);
    if (!conn_start(conn, &without, err) || !wait_connected(conn, err))
        return false;
    conn->options = with;
    conn->unlimited = true;
    return true;
}

bool conn_again(Conn *conn, const Conn *like, const char *application, Err *err)
{
    ConnOptions options = like->options;
    options.application = application;
    options.notice = NULL;
    options.host_of = like->pg;
    bool good = conn_start(conn, &options, err) && conn_finish(conn, err);
    conn->options.host_of = NULL; /* it may end before this one does */
    return good;
}

void conn_close(Conn *conn)
{
    if (conn->pg)
        PQfinish(conn->pg);
    conn->pg = NULL;
}

/* The server process closes its end of the socket after its session has ended. */
void conn_close_wait(Conn *conn)
{
    enum { LONGEST_WAIT = 1000 }; /* milliseconds */
    struct pollfd fd = {.fd = conn->pg ? dup(PQsocket(conn->pg)) : -1, .events = POLLIN};
    double end = clock_ms() + LONGEST_WAIT;
    char rest[1024];
    conn_close(conn);
    if (fd.fd < 0)
        return;
    for (double left = LONGEST_WAIT; left > 0 && poll(&fd, 1, (int)left + 1) > 0; left = end - clock_ms())
        if (read(fd.fd, rest, sizeof rest) <= 0)
            break;
    close(fd.fd);
}

/* ------------------------------------------------------------------ statements */

static bool lost(const Conn *conn, Err *err)
{
    Str text = str_trim(str_of(PQerrorMessage(conn->pg)));
    err_fail(err, CMIG_ERR_CONNECT, "the connection to the server was lost: %.*s", STR_ARG(text));
    return err_hint(err, "when the server is back, run the command again");
}

bool conn_send(Conn *conn, const char *sql, Err *err)
{
    conn->cancelled_at = 0;
    conn->sent_at = clock_ms();
    if (conn_interrupted(conn))
        return interrupted(err);
    return (!conn->broken && PQsendQuery(conn->pg, sql) == 1) || lost(conn, err);
}

bool conn_set(Conn *conn, const Variable *variable, Err *err)
{
    SCRATCH(tmp);
    RESULT(result);
    const char *const values[] = {arena_printf(&tmp, "cmig.%s", variable->name), variable->value};
    if (conn_interrupted(conn))
        return interrupted(err);
    if (!PQsendQueryParams(conn->pg, "SELECT pg_catalog.set_config($1, $2, false)", COUNT(values), NULL,
                           values, NULL, NULL, 0))
        return lost(conn, err);
    if (!conn_result(conn, &result, err))
        return false;
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK || err_from_result(conn, result, err);
    conn_discard(conn);
    return good;
}

enum { CANCEL_EVERY = 1000 }; /* milliseconds: a request that came before the statement is lost */

static void cancel(Conn *conn)
{
    if (conn->cancelled_at > 0 && clock_ms() - conn->cancelled_at < CANCEL_EVERY)
        return;
    PGcancel *request = PQgetCancel(conn->pg);
    if (request) {
        char why[256];
        PQcancel(request, why, (int)sizeof why);
    }
    PQfreeCancel(request);
    conn->cancelled_at = clock_ms();
}

/* Waits for the server to say something, hearing an interrupt. */
static bool wait_readable(Conn *conn)
{
    if (conn_interrupted(conn))
        cancel(conn);
    if (wait_socket(conn, POLLIN, HEARD_EVERY))
        return PQconsumeInput(conn->pg);
    if (conn->waiting)
        conn->waiting(conn->waiting_context, clock_ms() - conn->sent_at);
    return true;
}

/* An error of libpq itself, such as no memory for a result, has no SQLSTATE. The statement may have
 * succeeded. */
static bool unread(Conn *conn, const PGresult *result, Err *err)
{
    Str text = str_trim(str_of(PQresultErrorMessage(result)));
    conn->broken = true;
    err_fail(err, CMIG_ERR_CONNECT, "could not read a result from the server: %.*s", STR_ARG(text));
    return err_hint(err, "run the command again");
}

bool conn_result(Conn *conn, PGresult **out, Err *err)
{
    while (PQisBusy(conn->pg))
        if (!wait_readable(conn))
            return lost(conn, err);
    *out = PQgetResult(conn->pg);
    if (*out && PQresultStatus(*out) == PGRES_FATAL_ERROR && PQstatus(conn->pg) == CONNECTION_BAD) {
        const char *sqlstate =
            PQresultErrorField(*out, PG_DIAG_SQLSTATE); /* what the server said when it left */
        lost(conn, err);
        if (sqlstate)
            err_copy(err->sqlstate, sizeof err->sqlstate, sqlstate);
        PQclear(*out);
        *out = NULL;
        return false;
    }
    if (*out && PQresultStatus(*out) == PGRES_FATAL_ERROR && !PQresultErrorField(*out, PG_DIAG_SQLSTATE)) {
        unread(conn, *out, err);
        PQclear(*out);
        *out = NULL;
        return false;
    }
    return true;
}

/* Waits until the socket takes more, hearing an interrupt: a server that waits for a lock reads nothing. */
static bool wait_writable(Conn *conn)
{
    if (conn_interrupted(conn))
        cancel(conn);
    wait_socket(conn, POLLIN | POLLOUT, HEARD_EVERY);
    return PQconsumeInput(conn->pg) && PQflush(conn->pg) >= 0;
}

/* Sends what is in libpq's buffer, which else grows, and is moved about, as long as the server is slower. */
static bool flush_out(Conn *conn)
{
    int left;
    while ((left = PQflush(conn->pg)) == 1 && !conn_interrupted(conn))
        if (!wait_writable(conn))
            return false;
    return left >= 0;
}

void conn_copy_data(Conn *conn, Str data)
{
    enum { PART = 1 << 18 };
    PQsetnonblocking(conn->pg, 1);
    while (data.len && !conn_interrupted(conn)) {
        int part = data.len > PART ? PART : (int)data.len;
        if (PQputCopyData(conn->pg, data.data, part) != 1 || !flush_out(conn))
            return;
        data = (Str){data.data + part, data.len - (size_t)part};
    }
}

void conn_copy_end(Conn *conn, const char *failure)
{
    int sent;
    while ((sent = PQputCopyEnd(conn->pg, conn_interrupted(conn) ? "interrupted" : failure)) == 0)
        if (!wait_writable(conn))
            break;
    while (sent == 1 && PQflush(conn->pg) == 1)
        if (!wait_writable(conn))
            break;
    PQsetnonblocking(conn->pg, 0);
}

void conn_copy_skip(Conn *conn)
{
    char *row;
    int got;
    while ((got = PQgetCopyData(conn->pg, &row, 1)) > 0 || (got == 0 && wait_readable(conn)))
        if (got > 0)
            PQfreemem(row);
}

void conn_discard(Conn *conn)
{
    for (bool more = true; more;) {
        Err ignored;
        RESULT(result);
        more = conn_result(conn, &result, &ignored) && result;
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_COPY_IN)
            conn_copy_end(conn, "the run ended");
        if (status == PGRES_COPY_OUT)
            conn_copy_skip(conn);
    }
}

bool conn_in_transaction(const Conn *conn)
{
    return !conn_lost(conn) && PQtransactionStatus(conn->pg) != PQTRANS_IDLE;
}

void conn_send_last(Conn *conn, const char *sql)
{
    Err ignored;
    const ConnOptions options = conn->options;
    conn->options.interrupted = NULL;
    if (!conn_lost(conn) && conn_send(conn, sql, &ignored))
        conn_discard(conn);
    conn->options = options;
}

void conn_rollback(Conn *conn)
{
    static const volatile sig_atomic_t stop = 1;
    const ConnOptions options = conn->options;
    if (!conn_in_transaction(conn))
        return;
    conn->options.interrupted = &stop; /* what still runs is cancelled */
    conn_discard(conn);
    conn->options = options;
    conn_send_last(conn, "ROLLBACK");
}

void conn_restore(Conn *conn)
{
    conn_rollback(conn);
    conn_send_last(conn, sql_session_reset);
}

bool conn_alive(const Conn *conn)
{
    while (conn->pg && PQsocket(conn->pg) >= 0 && wait_socket(conn, POLLIN, 0))
        if (!PQconsumeInput(conn->pg)) /* first comes what the server has said, then the end */
            return false;
    return !conn_lost(conn);
}

bool conn_pause(const Conn *conn, double ms, Err *err)
{
    double end = clock_ms() + ms;
    for (double left = ms; left > 0 && !conn_interrupted(conn); left = end - clock_ms())
        poll(NULL, 0, left < HEARD_EVERY ? (int)left + 1 : HEARD_EVERY);
    return !conn_interrupted(conn) || interrupted(err);
}

static void copy_field(char *field, size_t size, const PGresult *result, int code)
{
    const char *text = PQresultErrorField(result, code);
    err_copy(field, size, text ? text : "");
}

/* What cmig knows of an error that the server's own hint does not say. */
static const char *hint_for(const char *sqlstate)
{
    static const char *const hints[][2] = {
        {"25001", "put \"transaction: false\" in the revision's header: its statements then run outside a "
                  "transaction"},
        {"2D000", "what commits by itself cannot run inside a transaction: put \"transaction: false\" in the "
                  "revision's header"},
        {"55P04",
         "move ALTER TYPE ... ADD VALUE to an earlier revision, or put \"transaction: false\" in the "
         "revision's header"},
        {"57P01",
         "an administrator, or a server that stops, ended the connection; run the command again later"},
        {"55P03",
         "another session holds the lock; find it in pg_locks and pg_stat_activity, or raise lock_timeout"},
    };
    for (size_t i = 0; i < COUNT(hints); i++)
        if (strcmp(sqlstate, hints[i][0]) == 0)
            return hints[i][1];
    return NULL;
}

/* pgbouncer says it with a code that it has for other errors too. */
static const char statement_pooling[] = "cmig needs transactions: set pool_mode = transaction or session for "
                                        "this database or user in pgbouncer.ini, or "
                                        "connect to the server itself";

bool conn_refused(const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return sqlstate && strcmp(sqlstate, "CM001") == 0;
}

bool err_from_result(const Conn *conn, const PGresult *result, Err *err)
{
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (conn_interrupted(conn) && sqlstate && strcmp(sqlstate, "57014") == 0) /* query_canceled */
        interrupted(err);
    else
        err_fail(err, CMIG_ERR_SQL, "%s", message ? message : PQresultErrorMessage(result));
    copy_field(err->sqlstate, sizeof err->sqlstate, result, PG_DIAG_SQLSTATE);
    copy_field(err->detail, sizeof err->detail, result, PG_DIAG_MESSAGE_DETAIL);
    copy_field(err->hint, sizeof err->hint, result, PG_DIAG_MESSAGE_HINT);
    copy_field(err->context, sizeof err->context, result, PG_DIAG_CONTEXT);
    if (conn_refused(result)) { /* where it was raised in cmig's own code means nothing to the user */
        err->code = CMIG_ERR_STATE;
        err->sqlstate[0] = err->context[0] = '\0';
    }
    const char *hint =
        strstr(err->message, "statement pooling mode") ? statement_pooling : hint_for(err->sqlstate);
    if (hint) {
        size_t said = strlen(err->hint);
        snprintf(err->hint + said, sizeof err->hint - said, "%s%s", said ? " " : "", hint);
    }
    return false;
}

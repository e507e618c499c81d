/* A connection: made while other work goes on, waited on so that an interrupt is heard, never showing a
 * password. */
#ifndef CMIG_PG_CONN_H
#define CMIG_PG_CONN_H

#include "pg/conninfo.h"

typedef struct Conn {
    PGconn *pg;
    ConnOptions options;
    PostgresPollingStatusType polling;
    /* The limits are not in force: a pooler has refused start-up settings, or left them out. Each transaction
     * has to set them. */
    bool unlimited;
    bool broken;         /* a result could not be read, so what the server has done is not known */
    bool has_variables;  /* the variables are in force: the server has shown that it got the start-up settings
                          */
    double deadline;     /* of connecting, in clock_ms; 0 = none */
    const char *running; /* the revision whose statement runs; NULL = none */
    double cancelled_at; /* when the running statement was asked to stop, in clock_ms; 0 = never */
    double sent_at;      /* when the message that runs was sent, in clock_ms */
    char pid[12];        /* of the session on the server, as the server says it; "" = not asked yet */
    /* Called about ten times a second while the server works on a message; may be NULL. */
    void (*waiting)(void *context, double running_ms);
    void *waiting_context;
} Conn;

/* Begins to connect. The url is checked here. */
bool conn_start(Conn *conn, const ConnOptions *options, Err *err) MUST_CHECK;
/* A second connection to the same server, also where the url names several or its name has several addresses,
 * by the same user, under a name of its own. */
bool conn_again(Conn *conn, const Conn *like, const char *application, Err *err) MUST_CHECK;
/* Goes on with connecting as far as it can without waiting. */
void conn_progress(Conn *conn);
/* Waits until the connection stands. */
bool conn_finish(Conn *conn, Err *err) MUST_CHECK;
void conn_close(Conn *conn);
/* Closes the connection and waits, for a second at most, until the server has ended the session. DROP
 * DATABASE sleeps for 100 ms if a session has not ended yet. */
void conn_close_wait(Conn *conn);

/* Sets a variable of the session, with its value as a parameter. */
bool conn_set(Conn *conn, const Variable *variable, Err *err) MUST_CHECK;

/* Sends statements as one simple-protocol message. */
bool conn_send(Conn *conn, const char *sql, Err *err) MUST_CHECK;
/* The next result of what was sent, to be cleared by the caller; NULL after the last. A statement that failed
 * is a result, not an error; a lost connection is an error. An interrupt cancels the statement on the server.
 */
bool conn_result(Conn *conn, PGresult **out, Err *err) MUST_CHECK;
/* Sends COPY data, and with failure, or NULL for success, the end of it. Both stop early where the user does,
 * or the connection is lost; why shows in the result. */
void conn_copy_data(Conn *conn, Str data);
void conn_copy_end(Conn *conn, const char *failure);
/* Reads away what COPY ... TO STDOUT gives. */
void conn_copy_skip(Conn *conn);
/* Reads away the results that are left, behind a failure that is known already. */
void conn_discard(Conn *conn);

/* Does nothing for so many milliseconds, but hears an interrupt. */
bool conn_pause(const Conn *conn, double ms, Err *err) MUST_CHECK;

/* Cancels what runs and ends an open transaction, also after an interrupt; a lost connection has ended it
 * already. */
void conn_rollback(Conn *conn);

/* ... and takes back what the session has set: a pooler gives it to somebody else. */
void conn_restore(Conn *conn);

/* Runs statements as the last thing, also behind a failure or an interrupt; what becomes of them is not told.
 */
void conn_send_last(Conn *conn, const char *sql);

/* Does the connection still stand, as far as can be seen without asking? */
bool conn_alive(const Conn *conn);

/* Is a transaction open, good or failed? */
bool conn_in_transaction(const Conn *conn);

/* The server's major version; 0 where there is no connection. */
int conn_major(const Conn *conn);

/* Is standard_conforming_strings off, as the server said last? */
bool conn_backslashes(const Conn *conn);

bool conn_interrupted(const Conn *conn);
bool conn_lost(const Conn *conn);

/* Is it an error that a statement of cmig's own has raised? */
bool conn_refused(const PGresult *result);
/* Fills err from what the server said of a failed statement: false, always. */
bool err_from_result(const Conn *conn, const PGresult *result, Err *err);

void result_clear(PGresult **result);
#define RESULT(name) __attribute__((cleanup(result_clear))) PGresult *name = NULL

#endif

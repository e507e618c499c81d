/* Messages to the server: many statements in one, their results, and errors mapped back to their files. */
#ifndef CMIG_PG_BATCH_H
#define CMIG_PG_BATCH_H

#include "files/revfile.h"
#include "pg/query.h"

/* A statement of a message. */
typedef struct BatchItem {
    size_t offset, len;       /* in the text of the message */
    int line, column;         /* in the file of the revision; line 0: cmig's own statement */
    const Revision *revision; /* that it runs for; NULL: none */
    bool checks_step;         /* cmig's own statement, whose failure is the revision's */
    bool copies;              /* COPY ... FROM stdin */
    int question; /* the caller's number of what is asked, whose row goes to answer; 0 = nothing is */
    size_t step;  /* the caller's */
} BatchItem;

typedef struct Message {
    Arena arena;
    StrBuf sql;
    VEC(BatchItem) items;
    double sent; /* when, in clock_ms */
} Message;

typedef struct Batch {
    Conn *conn;
    bool (*answer)(void *context, const BatchItem *item, const PGresult *row, Err *err);
    void (*sending)(void *context); /* a message is about to be sent; may be NULL */
    void *context;                  /* of both */

    Message messages[2]; /* one is filled while the other runs */
    size_t filling;
    bool running; /* the other one is on the server */
    size_t limit; /* bytes of a message: grows while the server is quick, so that progress stays live */
} Batch;

Batch batch_start(Conn *conn);
/* Forgets what is not sent, and what has not been answered. */
void batch_drop(Batch *batch);

/* Adds a statement to the message that is filled. closed: it ends in its ";". */
void batch_add(Batch *batch, Str text, bool closed, BatchItem item);
/* ... one of cmig's own, for a revision or for none; */
void batch_own(Batch *batch, const char *sql, const Revision *revision);
/* ... several. checks_step: their failure is that of the revision. */
void batch_own_all(Batch *batch, const char *sql, const Revision *revision, bool checks_step);

/* Sends the message if it has grown long enough. */
bool batch_send_full(Batch *batch, Err *err) MUST_CHECK;
/* Waits for the message before, sends this one, and begins the next; */
bool batch_send(Batch *batch, Err *err) MUST_CHECK;
/* ... and waits for that one too. */
bool batch_settle(Batch *batch, Err *err) MUST_CHECK;
/* Sends the message, whose last statement is a COPY that then takes data; and ends that. */
bool batch_copy(Batch *batch, Err *err) MUST_CHECK;
bool batch_copy_end(Batch *batch, Err *err) MUST_CHECK;

/* The message that is on the server, or was the last to be. */
const Message *batch_sent(const Batch *batch);

#endif

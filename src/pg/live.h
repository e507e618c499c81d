/* The sink that is the server: statements gathered into messages, errors mapped back to their files. */
#ifndef CMIG_PG_LIVE_H
#define CMIG_PG_LIVE_H

#include "pg/alone.h"
#include "pg/lock.h"
#include "pg/sink.h"
#include "pg/watch.h"

/* What cmig asks of the server on the way: its clock, around each step, behind the last of a transaction the
 * number of that too, or its number alone. */
typedef enum Mark { NO_MARK, START_MARK, END_MARK, LAST_MARK, XID_MARK } Mark;

typedef struct BatchItem {
    size_t offset, len; /* in the batch's text */
    int line, column;   /* in the revision's file; line 0: cmig's own statement */
    size_t step;
    const Revision *revision; /* that it runs for; NULL: none */
    Mark mark;
    bool checks_step; /* cmig's own statement, whose failure is the revision's */
    bool copies;      /* COPY ... FROM stdin */
} BatchItem;

/* One message to the server. */
typedef struct Batch {
    Arena arena;
    StrBuf sql;
    VEC(BatchItem) items;
    double sent; /* when, in clock_ms */
} Batch;

struct LiveSink {
    Sink sink;
    Conn *conn;
    VersionTable *version;
    Arena *arena; /* of what version holds */
    LockWait wait;
    Conn lock; /* holds the lock of a run of several transactions; a run that is one takes it there */
    bool locked;
    Watch watch;
    size_t retries;                        /* how often a transaction is tried again */
    const char *concurrently_lock_timeout; /* of statements with CONCURRENTLY; "" = that of all others */
    /* Called when all of a step has run, with the milliseconds it took and the time of its end in seconds
     * since 1970, both by the server's clock. */
    void (*done)(void *context, size_t step, double ms, double end);
    /* Called about twice a second while a statement takes long: how it begins, since when it runs, and what
     * the server says it is at, or NULL. */
    void (*progress)(void *context, size_t step, Str statement, double running_ms, const char *at);
    void *context;

    Batch batches[2]; /* one is filled while the other runs */
    size_t filling;
    bool running; /* the other one is on the server */
    size_t limit; /* bytes of a batch: grows while the server is quick, so that progress stays live */
    size_t step;
    const Revision *revision;
    Alone alone_state; /* of the revision that runs outside a transaction, or was the last to */
    Resume resume;     /* of the first revision of the run that is outside a transaction */
    size_t resume_step;
    double started; /* the running step, by the server's clock */
    char xid[24];   /* of the transaction that was to be committed last; "" = none */
    bool alone;
    bool clears_steps; /* with the next commit */
    bool ending;       /* a step has ended, and the clock is still to be asked */
};

enum { BATCH_FIRST_LIMIT = 8 << 10 };

/* In batch.c: the messages, for the sink itself. Adds a statement, one of cmig's own for a revision or none,
 * or a question, to the message that is filled. */
void batch_add(LiveSink *live, Str text, bool closed, BatchItem item);
void batch_own(LiveSink *live, const char *sql, const Revision *revision);
/* ... several, for the revision that runs. checks_step: their failure is its failure. */
void batch_own_all(LiveSink *live, const char *sql, bool checks_step);
/* Adds the limits of the transaction that was begun, where the connection has none of its own. */
void live_limits(LiveSink *live);
void batch_mark(LiveSink *live, Mark mark);
/* Waits for the message before, sends this one, and begins the next. */
bool batch_send(LiveSink *live, Err *err) MUST_CHECK;
/* ... and waits for that one too. */
bool batch_settle(LiveSink *live, Err *err) MUST_CHECK;
/* Sends the message, whose last statement is a COPY that then takes data; and ends that. */
bool batch_copy(LiveSink *live, Err *err) MUST_CHECK;
bool batch_copy_end(LiveSink *live, Err *err) MUST_CHECK;
/* Forgets what is not sent, and what has not been answered. */
void batch_drop(LiveSink *live);

/* What is read of the version table lives in arena. */
void live_init(LiveSink *live, Conn *conn, VersionTable *version, const LockWait *wait, Arena *arena);
void live_free(LiveSink *live);

#endif

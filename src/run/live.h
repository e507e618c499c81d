/* The sink that is the server: transactions, the lock of a run, retries, and the time of each step. */
#ifndef CMIG_RUN_LIVE_H
#define CMIG_RUN_LIVE_H

#include "pg/batch.h"
#include "run/alone.h"
#include "run/lock.h"
#include "run/sink.h"
#include "run/watch.h"

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

    Batch batch;
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

/* Adds a statement of the step's block to the batch. */
void live_add(LiveSink *live, const Piece *piece);
/* Adds the limits of the transaction that was begun, where the connection has none of its own. */
void live_limits(LiveSink *live);

/* What is read of the version table lives in arena. */
void live_init(LiveSink *live, Conn *conn, VersionTable *version, const LockWait *wait, Arena *arena);
void live_free(LiveSink *live);

#endif

/* The sink that is the server: statements gathered into messages, errors mapped back to their files. */
#ifndef CMIG_PG_LIVE_H
#define CMIG_PG_LIVE_H

#include "pg/sink.h"

typedef struct BatchItem {
    size_t offset, len; /* in the batch's text */
    int line, column;   /* in the revision's file; line 0: cmig's own statement */
    size_t step;
    const Revision *revision; /* that it runs for; NULL: none */
} BatchItem;

/* One message to the server. */
typedef struct Batch {
    Arena arena;
    StrBuf sql;
    VEC(BatchItem) items;
    VEC(size_t) ends; /* steps that end in this batch */
    double sent;      /* when, in clock_ms */
} Batch;

typedef struct LiveSink {
    Sink sink;
    Conn *conn;
    /* Called when all of a step has run, with the milliseconds it took. Steps that shared a message share its
     * time by their statements. */
    void (*done)(void *context, size_t step, double ms);
    void *context;

    Batch batches[2]; /* one is filled while the other runs */
    size_t filling;
    bool running; /* the other one is on the server */
    size_t limit; /* bytes of a batch: grows while the server is quick, so that progress stays live */
    size_t step;
    const Revision *revision;
    bool alone;
    double *step_ms; /* by step, so far */
} LiveSink;

/* steps: how many steps will be written at most. */
void live_init(LiveSink *live, Conn *conn, Arena *arena, size_t steps);
void live_free(LiveSink *live);

#endif

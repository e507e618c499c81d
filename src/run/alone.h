/* Running a block outside a transaction: statement by statement, each recorded, going on where a run was cut
 * off. */
#ifndef CMIG_RUN_ALONE_H
#define CMIG_RUN_ALONE_H

#include "run/steps.h"

typedef struct LiveSink LiveSink;

/* Where a run that was cut off is to go on, decided by a person; 0 = not said. */
typedef struct Resume {
    size_t after, at; /* behind this statement; with this statement */
} Resume;

typedef struct Alone {
    Steps steps;
    size_t number;    /* of the step that runs */
    bool group;       /* inside the block's own BEGIN ... COMMIT, which is one step */
    bool own_timeout; /* the block sets lock_timeout itself, and so for its CONCURRENTLY too */
    bool patient;     /* the statement that runs has concurrently_lock_timeout */
    bool told_wait;   /* ... and whom it waits for was told */
    bool other_role;  /* the block has set a role, which may not be allowed to write the record */
    size_t done;      /* the last step that has finished */
    Sha256 sum;       /* of the step that runs */
    char text[200];   /* how it begins */
} Alone;

/* In place of the live sink's own, where a revision runs outside a transaction. */
bool alone_start(LiveSink *live, Direction direction, Err *err) MUST_CHECK;
/* Behind the last piece: has the block all that has run before? */
bool alone_end(LiveSink *live, Err *err) MUST_CHECK;
bool alone_piece(LiveSink *live, const Piece *piece, Err *err) MUST_CHECK;

/* How many statements of the block need not run again. */
size_t alone_finished(const Alone *alone);

#endif

/* The statements of a block outside a transaction, each recorded, so that a run that was cut off can go on.
 */
#ifndef CMIG_RUN_STEPS_H
#define CMIG_RUN_STEPS_H

#include "run/lock.h"
#include "sql/classify.h"

typedef enum StepState { STEP_UNKNOWN, STEP_STARTED, STEP_FAILED, STEP_FINISHED } StepState;

typedef struct StepRow {
    size_t number; /* from 1; BEGIN ... COMMIT is one */
    StepState state;
    const char *checksum, *statement;
    const char *pid; /* of the session that still runs it; "" = none does */
} StepRow;

/* Of one block. */
typedef struct Steps {
    Conn *conn;
    VersionTable *version;
    const char *revision, *direction;
    VEC(StepRow) rows; /* by number */
    size_t finished;   /* so many need not run again */
} Steps;

/* Reads what has run before; makes the table where it is missing. A session of an earlier run that was cut
 * off, but whose statement the server still runs, is waited for as another run is. */
bool steps_read(Steps *steps, Arena *arena, const LockWait *wait, Err *err) MUST_CHECK;
/* The row of a step; NULL where it was never begun. */
const StepRow *steps_row(const Steps *steps, size_t number);
/* Records a person's decision: all before, and up to after, are taken as done, whatever they are. Read again
 * behind it. */
bool steps_resume(Steps *steps, size_t after, size_t at, Err *err) MUST_CHECK;
/* Appends the statement, for a transaction, that makes steps_read wait for its end. */
void steps_lock(StrBuf *sql, const Steps *steps);
/* Appends the statement that records where a step stands. text is cut to its beginning. */
void steps_record(StrBuf *sql, const Steps *steps, size_t number, StepState state, const char *checksum,
                  Str text);
/* Appends the statement that forgets a revision's steps, or with "" all; nothing where there is no table. */
void steps_clear(StrBuf *sql, const VersionTable *version, const char *revision);

/* In the transaction that records the revision as a whole: forgets its steps, and drops the table if no other
 * block is unfinished, so that what is left in the database is what a script leaves too. */
bool steps_end(Steps *steps, Err *err) MUST_CHECK;

/* A block that was begun and not finished. */
typedef struct StepsEntry {
    const char *revision, *direction;
    size_t finished; /* of its statements */
} StepsEntry;
typedef VEC(StepsEntry) StepsListVec;
bool steps_list(Conn *conn, Arena *arena, const VersionTable *version, StepsListVec *out,
                Err *err) MUST_CHECK;

/* What the catalog says of a statement that was begun before and not finished. */
typedef enum StepFate {
    FATE_AGAIN,  /* it has not happened: run it */
    FATE_DONE,   /* it has happened */
    FATE_UNSURE, /* only a person can know */
} StepFate;

/* Decides, and clears away what is half done: an invalid index is dropped, a partition finally detached.
 * *what tells what was done, or is NULL. */
bool steps_decide(Conn *conn, Arena *arena, const Statement *statement, StepState state, StepFate *out,
                  const char **what, Err *err) MUST_CHECK;

/* Refuses where the tables that a statement has touched have indexes that are not valid. */
bool steps_check_indexes(Conn *conn, const Statement *statement, Err *err) MUST_CHECK;

#endif

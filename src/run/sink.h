/* Where a plan's statements go: the executor writes the same to each kind of sink. */
#ifndef CMIG_RUN_SINK_H
#define CMIG_RUN_SINK_H

#include "files/revfile.h"
#include "run/version.h"

typedef struct Sink Sink;
struct Sink {
    /* Comes first. several: the run has more than one transaction. */
    bool (*start)(Sink *sink, bool several, Err *err);
    /* Begins a transaction that nobody else can change the version table during, and makes cmig's tables.
     * isolation: its level, NULL is the default of cmig, READ COMMITTED; others need a run of several
     * transactions. *stale where it does not hold these rows; NULL is whatever it holds. */
    bool (*begin)(Sink *sink, const char *isolation, const RevisionVec *rows, bool *stale, Err *err);
    bool (*commit)(Sink *sink, Err *err);
    /* After a failure, and so many tries before: if it is of a kind that passes, and a try is left, rolls
     * back and waits a while. false: err stays, or is an interrupt. */
    bool (*retry)(Sink *sink, size_t tries, Err *err);
    /* What follows, until settled, belongs to the step of that number. alone: each statement runs for itself,
     * outside a transaction block. */
    bool (*step)(Sink *sink, size_t step, Direction direction, const Revision *revision, bool alone,
                 Err *err);
    /* A part of the step's block. */
    bool (*piece)(Sink *sink, const Piece *piece, Err *err);
    /* cmig's own check of what the step has done: if it fails, the step has failed. */
    bool (*check)(Sink *sink, const char *sql, Err *err);
    bool (*step_end)(Sink *sink, Err *err);
    /* cmig's own statements, one or several, such as the change of the version table. */
    bool (*own)(Sink *sink, const char *sql, Err *err);
    /* ... just one, which may be large, and is not read through. */
    bool (*own_one)(Sink *sink, const char *sql, Err *err);
    /* Gives the session variables that revisions read. */
    bool (*variables)(Sink *sink, const VariableVec *variables, Err *err);
    /* Has the transaction added enum values that cannot be used before it is committed? says: the text of the
     * revision says so, which is all that a script can know. */
    bool (*has_new_values)(Sink *sink, bool says, bool *out, Err *err);
    /* Gives what standard_conforming_strings is when all that was written has run: *backslashes where it is
     * off. A sink that cannot know leaves what the text says. */
    bool (*strings)(Sink *sink, bool *backslashes, Err *err);
    /* Returns when all that was written has run. */
    bool (*settle)(Sink *sink, Err *err);
};

#endif

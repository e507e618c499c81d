/* The plan: which blocks an upgrade or downgrade runs, in which order, and what the version table then holds.
 */
#ifndef CMIG_HISTORY_PLAN_H
#define CMIG_HISTORY_PLAN_H

#include "history/graph.h"

typedef enum Direction { UPGRADE, DOWNGRADE } Direction;

typedef struct Plan {
    Direction direction;
    RevisionVec steps;   /* in the order to run */
    const char *nothing; /* why there are no steps, in words; NULL where there are some */
} Plan;

/* The rows of the version table as revisions. A row that no file defines is an error that says what to do. */
bool plan_rows(Arena *arena, const Graph *graph, const TextVec *version_nums, RevisionVec *out,
               Err *err) MUST_CHECK;

/* Refuses revisions of which one stands on another, by NEEDS or by PARENTS: they are one state said twice.
 * what ("the targets") and code are for the error. */
bool refuse_overlap(const Graph *graph, const RevisionVec *revisions, Edges by, CmigErrorCode code,
                    const char *what, Err *err) MUST_CHECK;

bool plan_make(Arena *arena, const Graph *graph, Direction direction, const char *target,
               const RevisionVec *rows, Plan *out, Err *err) MUST_CHECK;

/* The applied revisions, kept while steps run: its rows are the applied revisions nothing applied stands on.
 */
typedef struct AppliedState {
    RevSet applied;
    size_t *standing;        /* by index: how many applied revisions stand on it */
    RevisionVec superfluous; /* rows on which others stand: the next change of the rows removes them */
} AppliedState;

AppliedState state_of(Arena *arena, const Graph *graph, const RevisionVec *rows);

typedef struct RowChange {
    RevisionVec removed, added; /* rows of the version table */
} RowChange;

/* Takes the steps from..to of a plan and tells the net change of the rows. Costs no more than the steps'
 * edges. */
RowChange state_run(Arena *arena, AppliedState *state, const Plan *plan, size_t from, size_t to);

/* What a stamp does to the rows, and nothing else: those in the lineage of a target, depends_on included,
 * give way to it, all others stay. */
bool plan_stamp(Arena *arena, const Graph *graph, const TextVec *targets, const RevisionVec *rows,
                RowChange *out, Err *err) MUST_CHECK;

#endif

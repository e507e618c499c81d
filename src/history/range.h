/* What a reader asks of a graph: ranges of the history, branch labels, branch points. */
#ifndef CMIG_HISTORY_RANGE_H
#define CMIG_HISTORY_RANGE_H

#include "history/revspec.h"

/* The labels that each revision carries, by index: its own, those of all that it follows, and those of what
 * follows it as long as that is one plain line. NULL where no revision has any. */
TextVec *graph_labels(Arena *arena, const Graph *graph);

/* The revisions of a range, what they stand on included, each after all that it stands on. */
bool range_revisions(Arena *arena, const Graph *graph, const RevRange *range, RevisionVec *out,
                     Err *err) MUST_CHECK;

/* The revisions with several children, newest first. */
RevisionVec graph_branch_points(Arena *arena, const Graph *graph);

#endif

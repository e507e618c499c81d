/* The graph of all revisions: built and checked once, then only read. */
#ifndef CMIG_HISTORY_GRAPH_H
#define CMIG_HISTORY_GRAPH_H

#include "base/map.h"
#include "history/revision.h"

typedef struct Graph {
    RevisionVec all;          /* in load order: all.items[i]->index == i */
    Map names;                /* ids and branch labels, to the revision */
    RevisionVec heads, bases; /* nothing has them as down_revision; they have none */
    RevisionVec tips;         /* nothing stands on them, by depends_on neither */
} Graph;

/* Links the revisions, which must outlive the graph, and refuses what is no graph: an odd id, an id or label
 * used twice, a missing parent, a cycle. Each error names the files. */
bool graph_build(Arena *arena, RevisionVec revisions, Graph *out, Err *err) MUST_CHECK;

/* The revision with this whole id, and not one with a branch label of that name; NULL = none. */
Revision *graph_revision(const Graph *graph, const char *id);

bool vec_has(const RevisionVec *vec, const Revision *r);

/* A set of a graph's revisions: set[r->index]. A function that only reads one takes const bool *. */
typedef bool *RevSet;

/* Which edges to follow from a revision. */
typedef enum Edges { PARENTS, CHILDREN, NEEDS, USERS } Edges;

RevSet set_new(Arena *arena, const Graph *graph); /* empty */
RevSet set_all(Arena *arena, const Graph *graph);
/* Adds start and all that is reached from it. */
void set_reach(RevSet set, const Graph *graph, const Revision *start, Edges edges);
/* The revisions and all that they stand on: what is applied, where they are the rows of the version table. */
RevSet graph_needed_by(Arena *arena, const Graph *graph, const RevisionVec *revisions);
/* The ancestors and descendants of a revision by down_revision, itself included. */
RevSet graph_lineage(Arena *arena, const Graph *graph, const Revision *of);

/* The members of a set, each after all that it stands on. Where the edges leave a choice, a line of revisions
 * stays together, and load order decides. Linear in the size of the graph. */
RevisionVec graph_order(Arena *arena, const Graph *graph, const bool *set);

/* The members that no other member stands on: the rows of the version table for a set of applied revisions.
 */
RevisionVec graph_maximal(Arena *arena, const Graph *graph, const bool *set);

#endif

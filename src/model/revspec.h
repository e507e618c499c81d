/* The target grammar: what "head", "ab12", "+1" or "billing@head" mean in a given graph and state. */
#ifndef CMIG_MODEL_REVSPEC_H
#define CMIG_MODEL_REVSPEC_H

#include "model/graph.h"

/* [BRANCH@][NAME][+N|-N], taken apart but not looked up. */
typedef struct RevSpec {
    const char *text;   /* as the user wrote it, for messages */
    const char *branch; /* NULL where there is no "@" */
    const char *name;   /* a word, id, label or prefix; NULL where the spec is only +N or -N */
    bool relative;
    long steps; /* of a relative one */
} RevSpec;

bool revspec_parse(Arena *arena, const char *text, RevSpec *out, Err *err) MUST_CHECK;

/* The revision with that id, label, or start of an id or label that no other has. */
bool revspec_find(const Graph *graph, const char *name, Revision **out, Err *err) MUST_CHECK;

/* What an upgrade to the target has to reach, from the applied rows. */
bool revspec_upgrade(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                     RevisionVec *out, Err *err) MUST_CHECK;

/* What a downgrade to the target goes back to: to is NULL for base; branch limits it to one side, or is NULL.
 */
typedef struct DowngradeTarget {
    Revision *to, *branch;
} DowngradeTarget;
bool revspec_downgrade(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                       DowngradeTarget *out, Err *err) MUST_CHECK;

/* The one head that a new revision goes on; NULL in an empty project. */
bool revspec_single_head(const Graph *graph, Revision **out, Err *err) MUST_CHECK;

/* "a1b2, c3d4 and 3 more", each with its message, for messages that list candidates. */
const char *revisions_text(Arena *arena, const RevisionVec *revisions);

#endif

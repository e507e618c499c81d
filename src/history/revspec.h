/* The target grammar: what "head", "ab12", "+1" or "billing@head" mean in a given graph and state. */
#ifndef CMIG_HISTORY_REVSPEC_H
#define CMIG_HISTORY_REVSPEC_H

#include "history/graph.h"

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

/* The revisions that a text names, for commands that ask or write files; none is base. -N counts from the
 * heads, +N from base. rows is what "current" means; NULL where the database is not asked. */
bool revspec_revisions(Arena *arena, const Graph *graph, const char *text, const RevisionVec *rows,
                       RevisionVec *out, Err *err) MUST_CHECK;

/* What an upgrade to the target has to reach, from the applied rows, which +N counts from. */
bool revspec_upgrade(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                     RevisionVec *out, Err *err) MUST_CHECK;

/* What a downgrade to the target goes back to: to is NULL for base; branch limits it to one side, or is NULL.
 */
typedef struct DowngradeTarget {
    Revision *to, *branch;
} DowngradeTarget;
bool revspec_downgrade(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                       DowngradeTarget *out, Err *err) MUST_CHECK;

/* What a stamp leaves: the revisions, or none for base, and then of which branch, NULL for all. Relative
 * targets count from the rows, up as an upgrade and down as a downgrade. */
bool revspec_stamp(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                   RevisionVec *out, Revision **branch, Err *err) MUST_CHECK;

/* START:END of `history -r`: either end may be empty, which is base and heads. */
typedef struct RevRange {
    RevisionVec from, to; /* from is empty for base */
    Revision *branch;     /* of BRANCH@base as START, or NULL */
    const char *label;    /* how the branch was written */
    bool nothing;         /* the end is current, and nothing is applied */
} RevRange;
/* rows may be NULL where revspec_asks_database says no. */
bool revspec_range(Arena *arena, const Graph *graph, const char *text, const RevisionVec *rows, RevRange *out,
                   Err *err) MUST_CHECK;

/* Whether a target, or an end of a range, is "current", so that the rows are needed. */
bool revspec_asks_database(const char *text);

/* Whether a target is +N or -N of whatever is applied. */
bool revspec_counts_from_rows(const char *target);

/* The revision at both ends of a text START:END; false where there is no ":" or there are two. */
bool revspec_split(Arena *arena, const char *text, const char **from, const char **to);

/* "a1b2, c3d4 and 3 more", each with its message, for messages that list candidates. */
const char *revisions_text(Arena *arena, const RevisionVec *revisions);

#endif

/* Asking about revisions: all of them, and those that the database is at. */
#ifndef CMIG_REVISIONS_H
#define CMIG_REVISIONS_H

#include <cmig/project.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CmigTexts {
    const char *const *items;
    size_t count;
} CmigTexts;

typedef enum CmigAnswer { CMIG_NO, CMIG_YES, CMIG_UNKNOWN } CmigAnswer;

/* A revision as its file and the graph have it. */
typedef struct CmigRevision {
    const char *revision;
    CmigTexts down_revision, depends_on; /* as the header has them */
    CmigTexts branch_labels;             /* its own, and those it inherits, as in Alembic */
    const char *message, *create_date;   /* "" where the header has none */
    const char *path;                    /* of its file */
    bool is_head, is_base, is_branch_point, is_merge_point; /* by down_revision */
    bool is_depended_on;   /* another revision has it, or its label, as depends_on */
    CmigAnswer is_current; /* is it in the version table? Unknown where the database was not asked */
} CmigRevision;

/* Lives until the project is closed. */
typedef struct CmigRevisions {
    const CmigRevision *items;
    size_t count;
} CmigRevisions;

/* Revisions, newest first: each before all that it stands on. range is START:END, both included, either of
 * which may be empty: base and heads; NULL is all. with_current asks the database which are current, as does
 * "current" in range; otherwise no database is needed. */
bool cmig_history(CmigProject *project, const char *range, bool with_current, CmigRevisions *out,
                  CmigError *error);

/* The revisions that no other one has as down_revision, in load order; if so wanted, only those that no other
 * one depends on either. Needs no database. */
bool cmig_heads(CmigProject *project, bool resolve_dependencies, CmigRevisions *out, CmigError *error);

/* The revisions that several others have as down_revision, newest first. Needs no database. */
bool cmig_branches(CmigProject *project, CmigRevisions *out, CmigError *error);

/* The revisions that have this one as down_revision. */
bool cmig_children(CmigProject *project, const char *revision, CmigRevisions *out, CmigError *error);

/* The revisions that a target names; none for "base". The database is asked only for "current". */
bool cmig_show(CmigProject *project, const char *target, CmigRevisions *out, CmigError *error);

/* The revisions in the version table. Changes nothing: where there is no version table, there are none. A row
 * that no file defines is an error, but *out is filled in then too: such a revision has no path. */
bool cmig_current(CmigProject *project, CmigRevisions *out, CmigError *error);

/* Is everything applied? Where not, *missing are the heads, by depends_on too, that are not. */
bool cmig_at_heads(CmigProject *project, CmigRevisions *missing, CmigError *error);

#ifdef __cplusplus
}
#endif
#endif

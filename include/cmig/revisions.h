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
    CmigTexts down_revision, branch_labels, depends_on;
    const char *message, *create_date;                      /* "" where the header has none */
    const char *path;                                       /* of its file */
    bool is_head, is_base, is_branch_point, is_merge_point; /* by down_revision */
    CmigAnswer is_current; /* is it in the version table? Unknown where the database was not asked */
} CmigRevision;

/* Lives until the project is closed. */
typedef struct CmigRevisions {
    const CmigRevision *items;
    size_t count;
} CmigRevisions;

/* All revisions, newest first: each before all that it stands on. Needs no database. */
bool cmig_history(CmigProject *project, CmigRevisions *out, CmigError *error);

/* The revisions in the version table. Changes nothing: where there is no version table, there are none. */
bool cmig_current(CmigProject *project, CmigRevisions *out, CmigError *error);

#ifdef __cplusplus
}
#endif
#endif

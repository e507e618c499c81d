/* What has been run, and what needs a decision: the log, and a project against its database. */
#ifndef CMIG_STATUS_H
#define CMIG_STATUS_H

#include <cmig/log.h>
#include <cmig/revisions.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The log, the newest row first: all of it, or of one revision, or its last rows (most; 0 is all). A revision
 * need not have a file: any id that the log knows will do. */
bool cmig_log(CmigProject *project, const char *revision, size_t most, CmigLog *out, CmigError *error);

/* How a revision that is applied differs from its file. */
typedef enum CmigEdit {
    CMIG_EDIT_COMMENTS, /* only in comments and spaces of its upgrade block */
    CMIG_EDIT_REAL      /* in what the server would read */
} CmigEdit;

typedef struct CmigEdited {
    CmigRevision revision;
    CmigEdit edit;
    const char *diff; /* of the file that ran to the file as it is, as lines; NULL: the log kept no text */
} CmigEdited;

/* A block outside a transaction that was begun and not finished. */
typedef struct CmigUnfinished {
    const char *revision, *direction;
    int finished; /* so many of its statements have run */
} CmigUnfinished;

typedef struct CmigStatus {
    CmigRevisions current; /* the rows of the version table; one without a file has no path */
    CmigRevisions pending; /* what `upgrade heads` would run, in its order */
    CmigRevisions late;    /* of these: created before something that is applied already */
    CmigRevisions
        skipped; /* counts as applied, but never ran here, though what it follows and what follows it did */
    CmigTexts missing; /* applied, but without a file here */
    const CmigEdited *edited;
    size_t edited_count;
    const CmigUnfinished *unfinished;
    size_t unfinished_count;
    bool needs_decision; /* something of this does not settle itself by an upgrade */
} CmigStatus;

/* Holds the project against its database. Lives until the project is closed. */
bool cmig_status(CmigProject *project, CmigStatus *out, CmigError *error);

#ifdef __cplusplus
}
#endif
#endif

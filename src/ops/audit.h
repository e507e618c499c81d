/* Holding the files against the log: what was edited since it ran, and a database that is ahead of the files.
 */
#ifndef CMIG_OPS_AUDIT_H
#define CMIG_OPS_AUDIT_H

#include <cmig/status.h>

#include "ops/project.h"

typedef struct Edited {
    Revision *revision;
    CmigEdit edit;
    const char *source; /* the file as it ran; NULL = not kept */
} Edited;
typedef VEC(Edited) EditedVec;

/* All of these need the database to have been asked, with the log. */

/* The applied revisions whose upgrade block is no longer what ran. */
bool audit_edited(CmigProject *project, EditedVec *out, Err *err) MUST_CHECK;

/* Applied, as the rows and the log say: rows without a file make no error here. */
RevSet audit_applied(Arena *arena, CmigProject *project);

/* Has each row of the version table a file here, or at least a row of the log that says it was applied? */
bool audit_knows_rows(const CmigProject *project);

/* What is applied here but has no file: rows of the version table, and what the log knows below them. */
TextVec audit_missing(Arena *arena, const CmigProject *project);

/* Adds the revisions without a file to the graph, from the text that the log has kept. */
bool audit_take_from_log(CmigProject *project, Err *err) MUST_CHECK;

#endif

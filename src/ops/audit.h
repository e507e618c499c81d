/* Holding the files against the log: what was edited since it ran, and a database that is ahead of the files.
 */
#ifndef CMIG_OPS_AUDIT_H
#define CMIG_OPS_AUDIT_H

#include <cmig/status.h>

#include "ops/project.h"

typedef struct Edited {
    Revision *revision;
    CmigEdit edit;
} Edited;
typedef VEC(Edited) EditedVec;

/* All of these need the database to have been asked, with the log. */

/* The applied revisions whose upgrade block is no longer what ran, since the last stamp. */
bool audit_edited(CmigProject *project, EditedVec *out, Err *err) MUST_CHECK;

/* The row of the log for the upgrade that is in force; NULL where it has none. */
bool audit_last_upgrade(CmigProject *project, const char *id, const CmigLogEntry **out, Err *err) MUST_CHECK;

/* Applied, as the rows and the log say: rows without a file make no error here. */
RevSet audit_applied(Arena *arena, CmigProject *project);

/* Has each row of the version table a file here, or at least a row of the log that says it was applied? */
bool audit_knows_rows(const CmigProject *project);

/* What is applied here but has no file: rows of the version table, and what the log knows below them. */
TextVec audit_missing(Arena *arena, const CmigProject *project);

/* Adds the revisions without a file to the graph, from the text that the log has kept. */
bool audit_take_from_log(CmigProject *project, Err *err) MUST_CHECK;

/* Before an upgrade: fails where what has run is no longer what the files say, unless that is allowed, and
 * tells of edits of comments. */
bool audit_check_edited(CmigProject *project, bool allowed, Err *err) MUST_CHECK;

/* Is there nothing to upgrade to, because the database is ahead of the files? Tells so then. */
bool audit_is_ahead(CmigProject *project, const char *target);

/* Fails where a block outside a transaction was begun that a run in this direction would not go on with. */
bool audit_unfinished(CmigProject *project, Direction direction, Err *err) MUST_CHECK;

#endif

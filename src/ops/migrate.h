/* What the verbs that change the version table share, on the server or in a script. */
#ifndef CMIG_OPS_MIGRATE_H
#define CMIG_OPS_MIGRATE_H

#include "ops/project.h"
#include "run/live.h"
#include "run/xact.h"

/* Where another runner was faster, the plan is made again from what it left, so many times. */
enum { TRIES = 100 };

/* The state lines after a COMMIT that was not answered. */
#define COMMIT_UNKNOWN "whether the last COMMIT happened is not known; to see it, run: cmig current"
#define COMMIT_MOVED                                                                                         \
    "the transaction is not committed on the server that answers now, which is another one or was "          \
    "restarted; the database there is at %s"

/* Reports that there is nothing to do, and why: true, always. */
bool tell_nothing(const CmigProject *project, const char *why);

void start_live(LiveSink *live, CmigProject *project);

/* The connection broke at COMMIT of the transaction xid, which was to change the rows of the version table
 * from before to after: another one asks the server what became of it, and a warning says so if it has
 * committed. *moved tells whether the answer is that of another server, or of one that was restarted. */
XactFate ask_fate(CmigProject *project, const char *xid, const RevisionVec *before, const RevisionVec *after,
                  bool *moved);

/* Errors: false, always. The version table never stays as it was read; target counts from rows that another
 * run has changed. */
bool busy_table(Err *err);
bool moved_on(const CmigProject *project, const char *target, Err *err);

/* What a script knows of tables it has never seen: nothing, and so it creates what may be missing. */
VersionTable unseen_tables(const CmigProject *project);

/* START of START:END as rows; the database is asked only for "current". */
bool script_rows(CmigProject *project, const char *start, RevisionVec *out, Err *err) MUST_CHECK;

/* Fails if END of START:END is "current". */
bool end_is_named(const char *end, Err *err) MUST_CHECK;

#endif

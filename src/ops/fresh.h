/* What every new database has: it counts in a comparison only where somebody has changed it. */
#ifndef CMIG_OPS_FRESH_H
#define CMIG_OPS_FRESH_H

#include "ops/side.h"

/* The comment that the schema public has in a new database. */
#define PUBLIC_COMMENT "standard public schema"

/* Makes the sides agree on the comment of the schema public if one has the built-in one and the other none.
 * If one side is a shadow database and the other is not: what the shadow has of the schema public as it was
 * created, and the other side lacks, is no difference. A schema source that does not mention public asks
 * for nothing there, and public may have been dropped and created again. */
bool fresh_ignore(CmigProject *project, Side *old, Side *new, bool privileges, Err *err) MUST_CHECK;

#endif

/* Running revisions against the database. */
#ifndef CMIG_MIGRATE_H
#define CMIG_MIGRATE_H

#include <cmig/project.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Runs the upgrade blocks up to a target: "head", "heads", a revision id or the start of one, "+2" ...
 * All run in one transaction, with the change of the version table and the rows of the log, unless the
 * configuration says transaction_per_migration or a revision says transaction: false; those are committed one
 * by one. Everything that can be checked is checked before the first statement runs. After a failure
 * error->state says what stands. Reports a CMIG_EVENT_STEP for each revision, or one CMIG_EVENT_NOTHING. */
bool cmig_upgrade(CmigProject *project, const char *target, CmigError *error);

/* Runs the downgrade blocks back to a target, which itself stays: "base", a revision, "-1" ... */
bool cmig_downgrade(CmigProject *project, const char *target, CmigError *error);

#ifdef __cplusplus
}
#endif
#endif

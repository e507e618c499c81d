/* Running revisions against the database. */
#ifndef CMIG_MIGRATE_H
#define CMIG_MIGRATE_H

#include <cmig/project.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How revisions are run. NULL stands for one with all members 0. */
typedef struct CmigRun {
    bool allow_edited; /* go on though a revision that is applied was edited since */
    bool from_log;     /* a downgrade takes revisions that have no file here from the log */
    /* Where the first block of the run that is outside a transaction goes on, if it was begun before: behind
     * the statement of that number, or with it, counted from 1; 0: where it has stopped. */
    int resume_after, resume_at;
} CmigRun;

/* Runs the upgrade blocks up to a target: "head", "heads", a revision id or the start of one, "+2" ...
 * All run in one transaction, with the change of the version table and the rows of the log, unless the
 * configuration says transaction_per_migration or a revision says transaction: false; those are committed one
 * by one. Everything that can be checked is checked before the first statement runs. After a failure
 * error->state says what stands. A revision that was edited in earnest since it was applied is an error, and
 * a database that is ahead of the files, where all of them are applied, is not. Reports a CMIG_EVENT_STEP for
 * each revision, or one CMIG_EVENT_NOTHING. */
bool cmig_upgrade(CmigProject *project, const char *target, const CmigRun *run, CmigError *error);

/* Runs the downgrade blocks back to a target, which itself stays: "base", a revision, "-1" ... */
bool cmig_downgrade(CmigProject *project, const char *target, const CmigRun *run, CmigError *error);

/* Sets the version table without running anything: rows in the lineage of a target give way to it, all others
 * stay. targets is ended by NULL; a target is what an upgrade takes, or "base". purge empties the table
 * first, whatever it holds, known or not. Reports a CMIG_EVENT_STEP with the direction "stamp", or a
 * CMIG_EVENT_NOTHING. */
bool cmig_stamp(CmigProject *project, const char *const *targets, bool purge, CmigError *error);

/* Makes the version table and the log table where they are missing. */
bool cmig_ensure_version(CmigProject *project, CmigError *error);

/* Takes a script part by part. write returns false where it cannot; the call then fails. */
typedef struct CmigScript {
    bool (*write)(void *context, const char *text, size_t length);
    void *context;
} CmigScript;

/* The same as scripts, which psql runs later: with ON_ERROR_STOP they bring the database to the same state.
 * The range is START:END; an upgrade without START begins at base. The database is asked only where START is
 * "current". Everything is checked before the first part is written. */
bool cmig_upgrade_script(CmigProject *project, const char *range, const CmigScript *script, CmigError *error);
bool cmig_downgrade_script(CmigProject *project, const char *range, const CmigScript *script,
                           CmigError *error);
/* Each target may be START:END, all with the same START. */
bool cmig_stamp_script(CmigProject *project, const char *const *targets, bool purge, const CmigScript *script,
                       CmigError *error);
bool cmig_ensure_version_script(CmigProject *project, const CmigScript *script, CmigError *error);

#ifdef __cplusplus
}
#endif
#endif

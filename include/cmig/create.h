/* Making a project and new revisions. */
#ifndef CMIG_CREATE_H
#define CMIG_CREATE_H

#include <cmig/revisions.h>
#include <cmig/schema.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The files of a new project. */
typedef struct CmigInit {
    const char *paths[8]; /* what was written, ended by NULL */
    char storage[8][512];
    char config[512]; /* the ini file */
    bool kept_config; /* the ini file was there already, and was left as it is */
} CmigInit;

/* Writes the ini file (config; NULL is $CMIG_CONFIG, else migrate.ini) with its section (NULL is cmig), and
 * the folder with README, revision.sql.in and versions/. Nothing that exists is overwritten: a folder that
 * holds something is an error, an ini file is kept. What was written before a failure is removed again. */
bool cmig_init(const char *config, const char *section, const char *directory, CmigInit *out,
               CmigError *error);

/* What a new revision is to be. Members that are NULL have the meaning given; lists are ended by NULL. */
typedef struct CmigNewRevision {
    const char *message;              /* "" */
    const char *rev_id;               /* 12 random hex digits */
    const char *const *heads;         /* what it follows, as targets: the one head */
    const char *const *branch_labels; /* none */
    const char *const *depends_on;    /* none; targets, of which labels stay labels */
    const char *version_path;         /* one of version_locations: where the revision is that it follows */
    bool splice;                      /* it may follow a revision that is no head */
    const char *upgrade, *downgrade;  /* the text of its blocks; empty ones */
    bool outside_transaction;         /* transaction: false */
} CmigNewRevision;

/* Writes the file of a new revision. It is there whole or not at all, and only if the graph with it is a
 * graph. Needs no database. *out lives until the project is closed. */
bool cmig_revision_create(CmigProject *project, const CmigNewRevision *revision, const CmigRevision **out,
                          CmigError *error);

/* The same with blocks that lead from the database, which must be at all heads, to the schema source, and
 * back: one file for each of diff->parts, of which each follows the one before it; all of them or none. Where
 * nothing differs, or the statements were tried and do not lead there, as diff->unproven says, there are
 * none. The first has the id, labels and dependencies that are asked for; those behind it have its id with
 * _2, _3 ... */
bool cmig_revision_autogenerate(CmigProject *project, const CmigNewRevision *revision,
                                const CmigDiffOptions *options, CmigDiff *diff, CmigRevisions *out,
                                CmigError *error);

/* Runs the programs of [post_write_hooks] on a file, in order, up to the first that fails. What they print
 * goes to standard error. */
bool cmig_run_hooks(CmigProject *project, const char *path, CmigError *error);

#ifdef __cplusplus
}
#endif
#endif

/* Making a project and new revisions. */
#ifndef CMIG_CREATE_H
#define CMIG_CREATE_H

#include <cmig/revisions.h>

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

/* Writes the file of a new revision on the one head. It is there whole or not at all. Needs no database.
 * *out lives until the project is closed. */
bool cmig_revision_create(CmigProject *project, const char *message, const CmigRevision **out,
                          CmigError *error);

#ifdef __cplusplus
}
#endif
#endif

/* A project: its configuration, its revision files, and the connection to its database. */
#ifndef CMIG_PROJECT_H
#define CMIG_PROJECT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmig/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CmigProject CmigProject;

typedef enum CmigEventKind {
    CMIG_EVENT_STEP,    /* a revision was run, or stamped: direction, from, to, message, milliseconds. Not yet
                           committed: what is run again is told again */
    CMIG_EVENT_NOTHING, /* there was nothing to run: text says why */
    CMIG_EVENT_NOTICE,  /* the server mentioned something: severity, text, detail, hint, and the revision that
                           ran, or "" */
    CMIG_EVENT_PROGRESS, /* a statement takes long, told about twice a second: revision, step of steps,
                            message is how the statement begins, or "", milliseconds so far, text what the
                            server is at, or NULL */
    CMIG_EVENT_WAITING,  /* the run waits for another one, or for the server: text says for what */
    CMIG_EVENT_NOTE,     /* worth knowing, and nothing to do about: text */
    CMIG_EVENT_WARNING   /* cmig found something odd: text */
} CmigEventKind;

/* Something worth telling while a call works. Members that a kind does not use are NULL or 0; texts are good
 * during the call of the report function only. */
typedef struct CmigEvent {
    CmigEventKind kind;
    const char *direction; /* "upgrade", "downgrade" or "stamp" */
    const char *from, *to; /* revisions, several joined by ", "; "" is base */
    const char *message;
    double milliseconds; /* below 0: not measured */
    int step, steps;     /* from 1; all of the run */
    const char *revision;
    const char *severity; /* as the server writes it: NOTICE, WARNING ... */
    const char *text, *detail, *hint;
} CmigEvent;

/* All members may be 0. What they point to must live as long as the project. */
typedef struct CmigOptions {
    const char *config;  /* the ini file; NULL is $CMIG_CONFIG, else migrate.ini in the working directory */
    const char *section; /* of it; NULL is "cmig" */
    /* Of the database, as libpq takes it, or "ephemeral:" for a server that is started when it is first
     * needed and goes with the project. NULL is the ini's, $DATABASE_URL, libpq's own. */
    const char *url;
    const char *const *variables; /* "name=value", ended by NULL: current_setting('cmig.name') during a run */
    /* "key=value", ended by NULL: settings that win over the ini file's, such as "lock_timeout=2s". */
    const char *const *settings;
    const char *application; /* application_name on the server; NULL is "cmig" */
    double wait_seconds; /* how long to try again where the server takes no connections; below 0: for ever */
    /* A signal handler sets it to stop what runs: the statement is cancelled on the server and rolled back.
     */
    const volatile sig_atomic_t *interrupted;
    /* Called during calls, and must not call back. A step is told when its statements have run, before
     * COMMIT. */
    void (*report)(void *context, const CmigEvent *event);
    void *context; /* for report */
} CmigOptions;

/* Reads the configuration. Revision files are read, and the database is connected to, when a call needs them.
 * On success *out is the caller's, to be given to cmig_project_close; on failure it is untouched. */
bool cmig_project_open(const CmigOptions *options, CmigProject **out, CmigError *error);

/* Frees the project and everything that calls on it gave out. NULL is fine. */
void cmig_project_close(CmigProject *project);

/* The version of the library, such as "0.1.0". */
const char *cmig_version(void);

#ifdef __cplusplus
}
#endif
#endif

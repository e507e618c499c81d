/* The log of what has been run, as values. */
#ifndef CMIG_LOG_H
#define CMIG_LOG_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row of the log. A member is NULL where the log does not know it. */
typedef struct CmigLogEntry {
    const char *revision;  /* of a stamp: what the version table then held, joined by ", "; "base" */
    const char *direction; /* "upgrade", "downgrade" or "stamp" */
    const char *error;     /* why it failed; NULL: it was done */
    const char *message;
    const char *checksum;          /* SHA-256 of the block as it ran, in hex */
    const char *semantic_checksum; /* the same of its tokens: comments and spaces do not matter */
    const char *file_checksum;     /* the same of the whole file */
    const char *source; /* the whole file as it ran; NULL: over 1 MB, or run by a script of --sql */
    const char *run_by; /* the session user */
    const char *run_host, *build, *git_commit;
    const char *run_at;  /* its start: ISO 8601, UTC */
    double milliseconds; /* below 0: not known, as of a script of --sql, a stamp or a failure */
    int lock_waits;      /* how often its transaction was run again because of locks */
    const char *cmig_version;
} CmigLogEntry;

/* Lives until the project is closed. */
typedef struct CmigLog {
    const CmigLogEntry *items;
    size_t count;
} CmigLog;

#ifdef __cplusplus
}
#endif
#endif

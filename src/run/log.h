/* The log table, which records each step: what ran, who ran it, and the text of the file as it ran. */
#ifndef CMIG_RUN_LOG_H
#define CMIG_RUN_LOG_H

#include <cmig/log.h>

#include "run/version.h"

/* Where a run comes from; "" = not known. */
typedef struct LogOrigin {
    const char *host, *build, *commit;
} LogOrigin;

typedef struct LogRow {
    const char *revision, *direction, *message;
    const char *error; /* NULL: it was done */
    BlockSums sums;    /* of the block as it ran */
    char file[SHA256_HEX];
    const char *source; /* the file as it ran; NULL = too large to be kept */
    double ms, end;     /* how long it took, and when it ended, in seconds since 1970; below 0: not known */
    size_t waits;       /* how often its transaction was run again because of locks */
} LogRow;

/* Appends the statement that records steps; nothing where the log is off. */
void log_append(StrBuf *sql, const VersionTable *version, const LogOrigin *origin, const LogRow *rows,
                size_t count);

/* Reads rows, the newest first: those of one revision, or with "" all, and at most so many, or with "" all.
 * None where there is no log table. */
bool log_read(Conn *conn, Arena *arena, const VersionTable *version, const char *revision, const char *count,
              CmigLog *out, Err *err) MUST_CHECK;

#endif

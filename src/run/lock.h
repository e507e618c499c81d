/* The lock that lets one run at a time change a version table: an advisory lock of a transaction. */
#ifndef CMIG_RUN_LOCK_H
#define CMIG_RUN_LOCK_H

#include "run/version.h"

/* How long to wait for another run, and who hears of it: once after a second, then rarely. */
typedef struct LockWait {
    double longest_ms;
    void (*tell)(void *context, const char *text);
    void *context;
} LockWait;

/* idle: conn is there for nothing else, and may be idle as long as the run takes.
 * Begins a transaction on conn that holds the lock, waiting for another run to end if there is one. Sent by
 * the simple protocol, which leaves no snapshot behind: other transactions and CREATE INDEX CONCURRENTLY do
 * not wait for it. Nothing else may be sent on conn while it is only there to hold the lock. */
bool lock_begin(Conn *conn, const VersionTable *version, const LockWait *wait, bool idle,
                Err *err) MUST_CHECK;

#endif

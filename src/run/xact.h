/* What became of a transaction whose COMMIT was not answered. */
#ifndef CMIG_RUN_XACT_H
#define CMIG_RUN_XACT_H

#include "run/version.h"

typedef enum XactFate { XACT_UNKNOWN, XACT_COMMITTED, XACT_ABORTED } XactFate;

/* A COMMIT on a connection that was lost, and the rows of the version table that it found and would leave. */
typedef struct LostCommit {
    const Conn *lost;
    const char *xid;
    const RevisionVec *before, *after;
} LostCommit;

/* Asks on a new connection like the one that was lost, again while the old backend has not noticed the loss
 * yet, or while only a standby answers. Only the server that ran the transaction knows its number: after a
 * failover another transaction may have it. So the rows of the version table must agree with what it says,
 * and they alone decide if the server is not known to be the same. version, which has what was known of the
 * tables, becomes what is known now, with its texts in arena; it is left alone if nothing is known.
 * *same_server tells whether the server that answered is the one that was lost. */
XactFate xact_fate(const LostCommit *commit, Arena *arena, VersionTable *version, bool *same_server);

#endif

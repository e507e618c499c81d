/* What became of a transaction whose COMMIT was not answered. */
#ifndef CMIG_PG_XACT_H
#define CMIG_PG_XACT_H

#include "pg/query.h"

typedef enum XactFate { XACT_UNKNOWN, XACT_COMMITTED, XACT_ABORTED } XactFate;

/* Asks on a new connection like the one that was lost, again while the old backend has not noticed the loss
 * yet. */
XactFate xact_fate(const Conn *lost, const char *xid);

#endif

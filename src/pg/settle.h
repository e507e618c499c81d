/* Telling apart what differs from what the server only writes in another way.
 *
 * What the server prints of an expression is not always what it prints when it has read that again. */
#ifndef CMIG_PG_SETTLE_H
#define CMIG_PG_SETTLE_H

#include "pg/conn.h"
#include "schema/schema.h"

/* conn: a shadow that holds the schema here. Where a text of one, read again by the server, is the other's,
 * here takes the other's. Nothing of it stays in the database. */
bool settle(Conn *conn, Arena *arena, const Schema *there, const Schema *here, Err *err) MUST_CHECK;

/* May a text be another one when the server has read it again? */
bool settle_in_doubt(const Schema *schema);
/* Is there anything to settle? */
bool settle_needed(const Schema *there, const Schema *here);

#endif

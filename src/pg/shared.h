/* What all databases of a server share: its roles, and whether a transaction changes any of it. */
#ifndef CMIG_PG_SHARED_H
#define CMIG_PG_SHARED_H

#include "pg/conn.h"

/* Adds the names of the server's roles. */
bool shared_roles(Conn *conn, Arena *arena, TextVec *out, Err *err) MUST_CHECK;

/* Has the running transaction changed roles, databases, tablespaces or the like? */
bool shared_changed(Conn *conn, bool *out, Err *err) MUST_CHECK;

#endif

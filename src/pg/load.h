/* Running a file of plain SQL, as psql would, with errors that name the place. */
#ifndef CMIG_PG_LOAD_H
#define CMIG_PG_LOAD_H

#include "pg/conn.h"

/* Runs text, which is that of the file at path: whole, in one transaction, which is rolled back on failure,
 * or else each statement for itself. Comments "-- cmig:..." mean nothing here. A statement that would
 * change the whole server is refused. */
bool load_sql(Conn *conn, const char *path, Str text, bool whole, Err *err) MUST_CHECK;

/* The same on a throw-away server, where statements that change the whole server are allowed; those that
 * create one of the roles that exist are skipped. */
bool load_sql_on_own_server(Conn *conn, const char *path, Str text, bool whole, const TextVec *roles,
                            Err *err) MUST_CHECK;

/* The same for a plan of cmig's own, whose DO blocks may end their transactions. The functions that it calls
 * are not checked there: load it whole first where they are not trusted. */
bool load_plan(Conn *conn, const char *path, Str text, bool whole, Err *err) MUST_CHECK;

#endif

/* Running a file of plain SQL, as psql would, with errors that name the place. */
#ifndef CMIG_PG_LOAD_H
#define CMIG_PG_LOAD_H

#include "pg/conn.h"

/* Runs text, which is that of the file at path: whole, in one transaction, which is rolled back on failure,
 * or else each statement for itself. Comments "-- cmig:..." mean nothing here. */
bool load_sql(Conn *conn, const char *path, Str text, bool whole, Err *err) MUST_CHECK;

#endif

/* The schema source: files of SQL, loaded into a database in the order that they need. */
#ifndef CMIG_OPS_SOURCE_H
#define CMIG_OPS_SOURCE_H

#include "ops/rename.h"
#include "pg/conn.h"

/* Loads the file at path, or all .sql files of that folder and the folders below it, and adds the renames
 * that they declare. A file that fails is tried again after the others, so files may refer to each other in
 * any order; if some keep failing, err is the first error that the other failing files do not explain. */
bool source_load(Conn *conn, Arena *arena, const char *path, RenameMarkVec *marks, Err *err) MUST_CHECK;

#endif

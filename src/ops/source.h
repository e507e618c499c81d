/* The schema source: files of SQL, loaded into a database in the order that they need. */
#ifndef CMIG_OPS_SOURCE_H
#define CMIG_OPS_SOURCE_H

#include "ops/rename.h"
#include "pg/load.h"

typedef struct SourceFile {
    const char *path;
    Str text;
    Err *err;   /* why it failed last; NULL = it was not tried, or it is loaded */
    bool apart; /* it has a statement that the server refuses in a transaction */
    bool loaded;
    MarkerVec markers; /* once it is loaded */
} SourceFile;

typedef struct Source {
    VEC(SourceFile) files;
    TextVec created, needed; /* roles */
} Source;

/* Reads the file at path, or all .sql files of that folder and the folders below it. */
bool source_read(Arena *arena, const char *path, Source *out, Err *err) MUST_CHECK;

/* Loads the files, and adds the renames that they declare. A file that fails is tried again after the others,
 * so files may refer to each other in any order; if some keep failing, err is the first error that the other
 * failing files do not explain. roles: those that exist on a throw-away server; NULL = it is not one. */
bool source_load(Conn *conn, Arena *arena, Source *source, const TextVec *roles, RenameMarkVec *marks,
                 Err *err) MUST_CHECK;

#endif

/* Running a file of plain SQL, as psql would, with errors that name the place. */
#ifndef CMIG_PG_LOAD_H
#define CMIG_PG_LOAD_H

#include "pg/conn.h"

/* A comment "-- cmig:..." in a text: all of its line, and the number of that. */
typedef struct Marker {
    Str text;
    int line;
} Marker;
typedef VEC(Marker) MarkerVec;

typedef struct Load {
    bool whole; /* in one transaction, which is rolled back on failure; else each statement by itself */
    bool plan;  /* written by cmig: its DO blocks may end their transactions. The functions that it calls are
                   then not checked: load it whole first where they are not trusted. */
    /* On a throw-away server, the roles that it has: statements that change the whole server are allowed, and
     * those that create one of the roles are skipped. NULL = it is not one, and such statements are refused.
     */
    const TextVec *roles;
    /* Gets the markers of the text, which mean nothing else here; NULL = they are not wanted. */
    MarkerVec *markers;
    Arena *arena; /* of the markers */
} Load;

/* Runs text, which is that of the file at path. */
bool load_sql(Conn *conn, const char *path, Str text, const Load *load, Err *err) MUST_CHECK;

#endif

/* A shadow database: made for a moment on a server, filled, read, and dropped. */
#ifndef CMIG_PG_SHADOW_H
#define CMIG_PG_SHADOW_H

#include "pg/conn.h"

typedef struct Shadow {
    Conn server;   /* to the database that it was made from, to drop it again */
    Conn conn;     /* to it */
    char name[64]; /* "" = it is not there */
    ArenaUndo undo;
    /* Set before it is created: standard_conforming_strings is off in it, as in the database that it stands
     * for. */
    bool backslashes;
} Shadow;

/* Makes one where like is connected to, with the same encoding and locale, and connects to it. Shadows that
 * dead runs have left there are dropped. */
bool shadow_create(Shadow *shadow, const Conn *like, Err *err) MUST_CHECK;
/* Drops it, also after an interrupt, and over a new connection if the one to the server was lost. */
void shadow_drop(Shadow *shadow);
#define SHADOW(name) __attribute__((cleanup(shadow_drop))) Shadow name = {.name = ""}

#endif

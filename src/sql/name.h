/* Names as SQL writes them: in quotes or without, behind that of their schema or alone. */
#ifndef CMIG_SQL_NAME_H
#define CMIG_SQL_NAME_H

#include "base/str.h"

/* What a name of one part means to the server: without its quotes, or in lower case. Allocated in the arena.
 */
const char *name_meant(Arena *arena, Str name);

/* The last part of a name, with its quotes; it points into name. */
const char *name_last(const char *name);

#endif

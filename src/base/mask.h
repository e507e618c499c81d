/* Hiding the passwords of connection strings in a text that is to be shown. */
#ifndef CMIG_BASE_MASK_H
#define CMIG_BASE_MASK_H

#include <stdbool.h>

#include "base/arena.h"

/* A copy of the text with *** in place of each password in what looks like a connection string: a URI with
 * user and password, and password=... among keywords or behind a "?". With keep_width each character of a
 * password becomes a star, so that what points into the text stays right. */
const char *mask_passwords(Arena *arena, const char *text, bool keep_width);

#endif

/* An ini file as a list of keys with their lines; inih parses, this hides its limits. */
#ifndef CMIG_FILES_INI_H
#define CMIG_FILES_INI_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct IniEntry {
    const char *section, *key; /* the key in lower case, as Python's ConfigParser has it */
    const char *value;         /* raw: nothing is interpolated; continuation lines are joined with newlines */
    int line;
} IniEntry;

typedef VEC(IniEntry) IniEntryVec;

/* Parses text, the content of the file at path, which is named in errors. */
bool ini_read(Arena *arena, const char *path, Str text, IniEntryVec *out, Err *err) MUST_CHECK;

#endif

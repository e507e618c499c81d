/* A flat YAML mapping of texts and lists of texts: what a revision's header is. libyaml parses. */
#ifndef CMIG_FILES_YAML_H
#define CMIG_FILES_YAML_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct YamlPair {
    const char *key;
    int line, column; /* of the key, from 1 */
    TextVec values;   /* one, unless a list was written */
    bool list;
    bool none; /* nothing, ~ or null, unquoted */
} YamlPair;

typedef VEC(YamlPair) YamlPairVec;

/* Anchors, aliases, tags, nested values, a key twice and a second document are refused. The error's line and
 * column count from the start of text; the caller adds where that is. */
bool yaml_read(Arena *arena, Str text, YamlPairVec *out, Err *err) MUST_CHECK;

/* The two ways of yaml_read: simple headers without libyaml, which says false and nothing else where it does
 * not know, and all of them with it. Tests hold the one against the other. */
bool yaml_read_simple(Arena *arena, Str text, YamlPairVec *out) MUST_CHECK;
bool yaml_read_any(Arena *arena, Str text, YamlPairVec *out, Err *err) MUST_CHECK;

/* Appends a text as a YAML scalar that reads back as just that text. */
void yaml_write(StrBuf *out, const char *text);

#endif

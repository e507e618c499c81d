/* Writing one JSON document: commas, nesting and escapes are kept right, reading is never needed. */
#ifndef CMIG_BASE_JSON_H
#define CMIG_BASE_JSON_H

#include <stdbool.h>

#include "base/str.h"

/* {.out = &buf} is ready to write. Inside an object every value has a key, elsewhere the key is NULL. */
typedef struct Json {
    StrBuf *out;
    bool more; /* a value came before at this level, so a comma is due */
} Json;

void json_open(Json *json, const char *key, char bracket);     /* '{' or '[' */
void json_close(Json *json, char bracket);                     /* '}' or ']' */
void json_text(Json *json, const char *key, const char *text); /* NULL gives null */
void json_bool(Json *json, const char *key, bool value);
void json_number(Json *json, const char *key,
                 double value); /* with up to three decimals; NaN and infinity give null */
void json_null(Json *json, const char *key);
void json_texts(Json *json, const char *key, const char *const *texts, size_t count);

#endif

/* Writing one JSON document (RFC 8259) into a buffer. */
#include "base/json.h"

static void escaped(StrBuf *out, const char *text)
{
    sb_char(out, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            sb_char(out, '\\');
        if (c == '\n')
            sb_add(out, STR("\\n"));
        else if (c == '\t')
            sb_add(out, STR("\\t"));
        else if (c < 0x20)
            sb_printf(out, "\\u%04x", (unsigned)c);
        else
            sb_char(out, *text);
    }
    sb_char(out, '"');
}

static void before(Json *json, const char *key)
{
    if (json->more)
        sb_char(json->out, ',');
    json->more = true;
    if (key) {
        escaped(json->out, key);
        sb_char(json->out, ':');
    }
}

void json_open(Json *json, const char *key, char bracket)
{
    before(json, key);
    sb_char(json->out, bracket);
    json->more = false;
}

void json_close(Json *json, char bracket)
{
    sb_char(json->out, bracket);
    json->more = true;
}

void json_null(Json *json, const char *key)
{
    before(json, key);
    sb_add(json->out, STR("null"));
}

void json_text(Json *json, const char *key, const char *text)
{
    if (!text) {
        json_null(json, key);
        return;
    }
    before(json, key);
    escaped(json->out, text);
}

void json_bool(Json *json, const char *key, bool value)
{
    before(json, key);
    sb_text(json->out, value ? "true" : "false");
}

void json_texts(Json *json, const char *key, const char *const *texts, size_t count)
{
    json_open(json, key, '[');
    for (size_t i = 0; i < count; i++)
        json_text(json, NULL, texts[i]);
    json_close(json, ']');
}

/* Writing one JSON document (RFC 8259) into a buffer. */
#include "base/json.h"

#include <math.h>
#include <string.h>

/* What readers of JSON or YAML may not take as it stands: controls, line separators, marks that are not text.
 */
static bool must_escape(unsigned code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
           code == 0xFEFF || code == 0xFFFE || code == 0xFFFF;
}

static size_t plain_length(const char *text)
{
    size_t at = 0;
    while (text[at] >= ' ' && text[at] < 0x7F && text[at] != '"' && text[at] != '\\')
        at++;
    return at;
}

/* Bytes that are not UTF-8, which a file's name may hold, become the replacement character. */
static void escaped(StrBuf *out, const char *text)
{
    size_t left = strlen(text);
    sb_char(out, '"');
    while (left) {
        size_t plain = plain_length(text);
        sb_add(out, (Str){text, plain});
        text += plain;
        left -= plain;
        if (!left)
            break;
        unsigned code;
        size_t len = utf8_char(text, left, &code);
        if (code == '"' || code == '\\')
            sb_char(out, '\\');
        if (code == '\n')
            sb_add(out, STR("\\n"));
        else if (code == '\t')
            sb_add(out, STR("\\t"));
        else if (len == 0 || must_escape(code))
            sb_printf(out, "\\u%04x", len ? code : 0xFFFDU);
        else
            sb_add(out, (Str){text, len});
        text += len ? len : 1;
        left -= len ? len : 1;
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

void json_number(Json *json, const char *key, double value)
{
    if (!isfinite(value)) { /* JSON has no such numbers */
        json_null(json, key);
        return;
    }
    before(json, key);
    sb_decimal(json->out, value, value == floor(value) ? 0 : 3);
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

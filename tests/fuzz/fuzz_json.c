/* Fuzzes the JSON writer: whatever is written is JSON by RFC 8259, and reads back as the same values. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "invariant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is a list of calls: a byte that says which, and what it needs up to the next NUL. */
typedef struct Calls {
    Arena *arena;
    Str rest;
} Calls;

static unsigned next_byte(Calls *calls)
{
    if (calls->rest.len == 0)
        return 0;
    unsigned byte = (unsigned char)calls->rest.data[0];
    calls->rest = (Str){calls->rest.data + 1, calls->rest.len - 1};
    return byte;
}

static const char *next_text(Calls *calls)
{
    StrCut cut = str_cut(calls->rest, '\0');
    calls->rest = cut.tail;
    return arena_strndup(calls->arena, cut.head.data, cut.head.len);
}

static double next_number(Calls *calls)
{
    double number = 0;
    if (calls->rest.len >= sizeof number) {
        memcpy(&number, calls->rest.data, sizeof number);
        calls->rest = (Str){calls->rest.data + sizeof number, calls->rest.len - sizeof number};
    }
    return number;
}

/* ------------------------------------------------------------------ reading, by the grammar of RFC 8259 */

static bool take(Str *json, char c)
{
    if (json->len == 0 || json->data[0] != c)
        return false;
    *json = (Str){json->data + 1, json->len - 1};
    return true;
}

static unsigned hex_digits(Str *json)
{
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        HOLDS(json->len > 0);
        const char *digit = strchr("0123456789abcdef", to_lower(json->data[0]));
        HOLDS(digit && *digit);
        code = code << 4 | (unsigned)(digit - "0123456789abcdef");
        take(json, json->data[0]);
    }
    return code;
}

static void add_utf8(StrBuf *out, unsigned code)
{
    if (code < 0x80) {
        sb_char(out, (char)code);
    } else if (code < 0x800) {
        sb_char(out, (char)(0xC0 | code >> 6));
        sb_char(out, (char)(0x80 | (code & 0x3F)));
    } else {
        HOLDS(code < 0xD800 || code > 0xDFFF); /* no half of a pair: all beyond is written as it is */
        sb_char(out, (char)(0xE0 | code >> 12));
        sb_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        sb_char(out, (char)(0x80 | (code & 0x3F)));
    }
}

static const char *read_string(Arena *arena, Str *json)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    StrBuf out = {.arena = arena};
    HOLDS(take(json, '"'));
    while (!take(json, '"')) {
        HOLDS(json->len > 0 && (unsigned char)json->data[0] >= 0x20);
        char c = json->data[0];
        take(json, c);
        if (c != '\\') {
            sb_char(&out, c);
        } else if (take(json, 'u')) {
            add_utf8(&out, hex_digits(json));
        } else {
            const char *escape = json->len ? strchr(escapes, json->data[0]) : NULL;
            HOLDS(escape && *escape);
            sb_char(&out, meanings[escape - escapes]);
            take(json, *escape);
        }
    }
    return sb_done(&out);
}

static size_t read_digits(Str *json)
{
    size_t digits = 0;
    for (; json->len && is_digit(json->data[0]); digits++)
        take(json, json->data[0]);
    return digits;
}

static double read_number(Arena *arena, Str *json)
{
    const char *start = json->data;
    take(json, '-');
    if (!take(json, '0'))
        HOLDS(read_digits(json) > 0);
    if (take(json, '.'))
        HOLDS(read_digits(json) > 0);
    HOLDS(json->len == 0 || !is_digit(json->data[0]));
    return strtod(arena_strndup(arena, start, (size_t)(json->data - start)), NULL);
}

static bool read_word(Str *json, Str word)
{
    if (!str_starts(*json, word))
        return false;
    *json = (Str){json->data + word.len, json->len - word.len};
    return true;
}

/* ------------------------------------------------------------------ what should be read */

/* Each byte that is not UTF-8 is the replacement character. */
static const char *as_utf8(Arena *arena, const char *text)
{
    StrBuf out = {.arena = arena};
    for (Str rest = str_of(text); rest.len;) {
        size_t good = utf8_valid(rest.data, rest.len);
        sb_add(&out, (Str){rest.data, good});
        rest = (Str){rest.data + good, rest.len - good};
        if (rest.len) {
            sb_add(&out, STR("\xEF\xBF\xBD"));
            rest = (Str){rest.data + 1, rest.len - 1};
        }
    }
    return sb_done(&out);
}

enum { DEEPEST = 30 };
typedef enum Call { OPEN_ARRAY, OPEN_OBJECT, CLOSE, TEXT, NO_TEXT, YES_OR_NO, NUMBER, NOTHING, LIST } Call;
enum { CALLS = LIST + 1 };

/* Both walk through the same calls; the one writes the document, the other reads it. */
typedef struct Walk {
    Calls calls;
    char levels[DEEPEST]; /* '}' or ']' */
    size_t depth;
    bool more[DEEPEST + 1];
} Walk;

static void write_list(Walk *walk, Json *json, const char *key)
{
    TextVec list = {0};
    for (unsigned left = next_byte(&walk->calls) % 4; left > 0; left--)
        vec_push(walk->calls.arena, &list, next_text(&walk->calls));
    json_texts(json, key, list.items, list.len);
}

static void read_list(Walk *walk, Str *json)
{
    unsigned count = next_byte(&walk->calls) % 4;
    HOLDS(take(json, '['));
    for (unsigned i = 0; i < count; i++) {
        HOLDS(i == 0 || take(json, ','));
        const char *read = read_string(walk->calls.arena, json);
        HOLDS(strcmp(read, as_utf8(walk->calls.arena, next_text(&walk->calls))) == 0);
    }
    HOLDS(take(json, ']'));
}

/* Which call comes next: at the bottom and without input, whatever is open is closed. */
static bool next_call(Walk *walk, Call *call)
{
    if (walk->calls.rest.len == 0 && walk->depth == 0)
        return false;
    *call = walk->calls.rest.len ? (Call)(next_byte(&walk->calls) % CALLS) : CLOSE;
    if ((*call == OPEN_ARRAY || *call == OPEN_OBJECT) && walk->depth == DEEPEST)
        *call = NOTHING;
    if (*call == CLOSE && walk->depth == 0)
        *call = NOTHING;
    return true;
}

static const char *next_key(Walk *walk, Call call)
{
    bool has_key = call != CLOSE && walk->depth && walk->levels[walk->depth - 1] == '}';
    return has_key ? next_text(&walk->calls) : NULL;
}

static void write_all(Walk *walk, Json *json)
{
    Call call;
    json_open(json, NULL, '[');
    while (next_call(walk, &call)) {
        const char *key = next_key(walk, call);
        switch (call) {
        case OPEN_ARRAY:
        case OPEN_OBJECT:
            json_open(json, key, call == OPEN_ARRAY ? '[' : '{');
            walk->levels[walk->depth++] = call == OPEN_ARRAY ? ']' : '}';
            break;
        case CLOSE: json_close(json, walk->levels[--walk->depth]); break;
        case TEXT: json_text(json, key, next_text(&walk->calls)); break;
        case NO_TEXT: json_text(json, key, NULL); break;
        case YES_OR_NO: json_bool(json, key, next_byte(&walk->calls) & 1); break;
        case NUMBER: json_number(json, key, next_number(&walk->calls)); break;
        case NOTHING: json_null(json, key); break;
        case LIST: write_list(walk, json, key); break;
        }
    }
    json_close(json, ']');
}

/* Three decimals are kept, of what is no whole number; what JSON has no number for is null. */
static void check_number(Walk *walk, Str *json)
{
    double number = next_number(&walk->calls);
    if (!isfinite(number)) {
        HOLDS(read_word(json, STR("null")));
        return;
    }
    double read = read_number(walk->calls.arena, json);
    HOLDS(number == floor(number) ? read == number : fabs(read - number) <= 0.000501 + fabs(number) * 1e-15);
}

static void check_all(Walk *walk, Str json)
{
    Arena *arena = walk->calls.arena;
    Call call;
    HOLDS(take(&json, '['));
    while (next_call(walk, &call)) {
        const char *key = next_key(walk, call);
        if (call == CLOSE) {
            HOLDS(take(&json, walk->levels[--walk->depth]));
            continue;
        }
        HOLDS(!walk->more[walk->depth] || take(&json, ','));
        walk->more[walk->depth] = true;
        if (key) {
            HOLDS(strcmp(read_string(arena, &json), as_utf8(arena, key)) == 0);
            HOLDS(take(&json, ':'));
        }
        switch (call) {
        case OPEN_ARRAY:
        case OPEN_OBJECT:
            HOLDS(take(&json, call == OPEN_ARRAY ? '[' : '{'));
            walk->levels[walk->depth++] = call == OPEN_ARRAY ? ']' : '}';
            walk->more[walk->depth] = false;
            break;
        case TEXT:
            HOLDS(strcmp(read_string(arena, &json), as_utf8(arena, next_text(&walk->calls))) == 0);
            break;
        case YES_OR_NO:
            HOLDS(read_word(&json, next_byte(&walk->calls) & 1 ? STR("true") : STR("false")));
            break;
        case NUMBER: check_number(walk, &json); break;
        case NO_TEXT:
        case NOTHING: HOLDS(read_word(&json, STR("null"))); break;
        case LIST: read_list(walk, &json); break;
        case CLOSE: break;
        }
    }
    HOLDS(take(&json, ']') && json.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    StrBuf out = {.arena = &tmp};
    Json json = {.out = &out};
    const Calls calls = {&tmp, {(const char *)data, size}};
    Walk written = {.calls = calls}, read = {.calls = calls};
    write_all(&written, &json);
    Str document = str_of(sb_done(&out));
    HOLDS(utf8_valid(document.data, document.len) == document.len);
    check_all(&read, document);
    return 0;
}

/* A flat YAML mapping of texts and lists of texts, from libyaml's events. */
#include "files/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/json.h"

typedef struct YamlReader {
    Arena *arena;
    yaml_parser_t parser;
    yaml_event_t event;
    YamlPairVec pairs;
    Err *err;
} YamlReader;

static bool fail_at(YamlReader *reader, yaml_mark_t mark, const char *message, const char *hint)
{
    err_fail(reader->err, CMIG_ERR_REVISION, "%s", message);
    err_hint(reader->err, "%s", hint);
    return err_at(reader->err, "", (int)mark.line + 1, (int)mark.column + 1);
}

/* The next event, of which only plain structure is let through. */
static bool next(YamlReader *reader)
{
    yaml_event_delete(&reader->event);
    if (!yaml_parser_parse(&reader->parser, &reader->event)) {
        const char *problem = reader->parser.problem ? reader->parser.problem : "not YAML";
        return fail_at(
            reader, reader->parser.problem_mark,
            arena_printf(reader->arena, "the header is not YAML: %s", problem),
            "write `key: value`; a value with \": \", \" #\" or a leading sign goes in double quotes");
    }
    const yaml_event_t *event = &reader->event;
    bool scalar = event->type == YAML_SCALAR_EVENT, list = event->type == YAML_SEQUENCE_START_EVENT;
    if (event->type == YAML_ALIAS_EVENT || (scalar && event->data.scalar.anchor) ||
        (list && event->data.sequence_start.anchor))
        return fail_at(reader, event->start_mark, "YAML anchors and aliases are not used in headers",
                       "write the value out; a text that begins with & or * goes in double quotes");
    if ((scalar && event->data.scalar.tag) || (list && event->data.sequence_start.tag))
        return fail_at(reader, event->start_mark, "YAML tags are not used in headers",
                       "leave the tag out: every value is text");
    return true;
}

static const char *scalar_text(YamlReader *reader)
{
    return arena_strndup(reader->arena, (const char *)reader->event.data.scalar.value,
                         reader->event.data.scalar.length);
}

static bool is_none(const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (!*value || strcmp(value, "~") == 0 || strcmp(value, "null") == 0);
}

static bool read_scalar(YamlReader *reader, YamlPair *pair)
{
    const yaml_event_t *event = &reader->event;
    if (event->type != YAML_SCALAR_EVENT)
        return fail_at(reader, event->start_mark,
                       arena_printf(reader->arena, "the value of \"%s\" is nested", pair->key),
                       "a value is one text, or a list of texts: [a, b]");
    if (memchr(event->data.scalar.value, '\0', event->data.scalar.length))
        return fail_at(reader, event->start_mark, "a NUL byte in a value", "leave it out");
    vec_push(reader->arena, &pair->values, scalar_text(reader));
    return true;
}

static bool read_value(YamlReader *reader, YamlPair *pair)
{
    if (!next(reader))
        return false;
    if (reader->event.type != YAML_SEQUENCE_START_EVENT) {
        pair->none = reader->event.type == YAML_SCALAR_EVENT && is_none(&reader->event);
        return read_scalar(reader, pair);
    }
    pair->list = true;
    while (next(reader)) {
        if (reader->event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        if (!read_scalar(reader, pair))
            return false;
    }
    return false;
}

static bool read_pair(YamlReader *reader)
{
    yaml_mark_t mark = reader->event.start_mark;
    if (reader->event.type != YAML_SCALAR_EVENT)
        return fail_at(reader, mark, "a key is a list or mapping", "write `key: value`");
    YamlPair pair = {.key = scalar_text(reader), .line = (int)mark.line + 1, .column = (int)mark.column + 1};
    for (size_t i = 0; i < reader->pairs.len; i++)
        if (strcmp(reader->pairs.items[i].key, pair.key) == 0)
            return fail_at(reader, mark,
                           arena_printf(reader->arena, "the key \"%s\" is there twice", pair.key),
                           "keep one of the two");
    if (!read_value(reader, &pair))
        return false;
    vec_push(reader->arena, &reader->pairs, pair);
    return true;
}

static bool read_document(YamlReader *reader)
{
    if (!next(reader) || !next(reader)) /* the stream, then a document, or the end of nothing */
        return false;
    if (reader->event.type == YAML_STREAM_END_EVENT)
        return true;
    if (!next(reader))
        return false;
    if (reader->event.type != YAML_MAPPING_START_EVENT)
        return fail_at(reader, reader->event.start_mark, "the header is not a list of `key: value` lines",
                       "begin with a line such as: -- revision: 1a2b3c");
    while (next(reader)) {
        if (reader->event.type == YAML_MAPPING_END_EVENT)
            break;
        if (!read_pair(reader))
            return false;
    }
    if (reader->event.type != YAML_MAPPING_END_EVENT || !next(reader) || !next(reader))
        return false;
    return reader->event.type == YAML_STREAM_END_EVENT ||
           fail_at(reader, reader->event.start_mark, "a second YAML document in the header", "keep one");
}

bool yaml_read_any(Arena *arena, Str text, YamlPairVec *out, Err *err)
{
    YamlReader reader = {.arena = arena, .err = err};
    if (!yaml_parser_initialize(&reader.parser))
        return err_fail(err, CMIG_ERR_REVISION, "out of memory");
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text.data, text.len);
    bool read = read_document(&reader);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    if (read)
        *out = reader.pairs;
    return read;
}

/* ------------------------------------------------------------------ the common case
 *
 * Nearly every header is lines of `key: value` that libyaml takes a hundred times as long for as the rest of
 * a file takes. What is read here is read as libyaml would; on anything else, it is asked. */

static bool is_simple(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

/* Plain text to the end of the line: begun by a letter or digit, nothing in it that could be more. */
static bool take_plain(Str text)
{
    if (text.len == 0 || !is_simple(text.data[0]))
        return false;
    for (size_t i = 1; i < text.len; i++) {
        char c = text.data[i], after = i + 1 < text.len ? text.data[i + 1] : ' ';
        if (!is_simple(c) && c != ' ' && c != '-' && !(c == ':' && after != ' ') &&
            !(c && strchr(".,/+()'=@*%;!?", c)))
            return false;
    }
    return true;
}

/* "..." without anything that is escaped. */
static bool take_quoted(Str text, Str *out)
{
    if (text.len < 2 || text.data[0] != '"' || text.data[text.len - 1] != '"')
        return false;
    *out = (Str){text.data + 1, text.len - 2};
    for (size_t i = 0; i < out->len; i++)
        if (out->data[i] < ' ' || out->data[i] > '~' || out->data[i] == '"' || out->data[i] == '\\')
            return false;
    return true;
}

static bool take_item(Arena *arena, Str item, YamlPair *pair)
{
    Str quoted;
    if (take_quoted(item, &quoted)) {
        item = quoted;
    } else {
        for (size_t i = 0; i < item.len; i++)
            if (!is_simple(item.data[i]))
                return false;
        if (item.len == 0)
            return false;
    }
    vec_push(arena, &pair->values, arena_strndup(arena, item.data, item.len));
    return true;
}

/* [a, "b"] with nothing but words in it. */
static bool take_list(Arena *arena, Str text, YamlPair *pair)
{
    if (text.len < 2 || text.data[0] != '[' || text.data[text.len - 1] != ']')
        return false;
    text = str_trim((Str){text.data + 1, text.len - 2});
    pair->list = true;
    for (bool more = text.len > 0; more;) {
        StrCut cut = str_cut(text, ',');
        if (!take_item(arena, str_trim(cut.head), pair))
            return false;
        text = cut.tail;
        more = cut.found;
    }
    return true;
}

static bool take_value(Arena *arena, Str text, YamlPair *pair)
{
    Str value = text;
    if (take_list(arena, text, pair))
        return true;
    if (pair->list || (text.len && !take_plain(text) && !take_quoted(text, &value)))
        return false;
    pair->none = text.len == 0 || str_eq(text, STR("null"));
    vec_push(arena, &pair->values, arena_strndup(arena, value.data, value.len));
    return true;
}

enum { LONGEST_KEY = 64 }; /* YAML has a limit too, far above */

static bool take_line(Arena *arena, Str line, int number, YamlPairVec *out)
{
    size_t key = 0;
    while (key < line.len && is_simple(line.data[key]))
        key++;
    Str value = {line.data + key + 1, key < line.len ? line.len - key - 1 : 0};
    if (key == 0 || key > LONGEST_KEY || key == line.len || line.data[key] != ':' ||
        (value.len && value.data[0] != ' ') || memchr(line.data, '\t', line.len))
        return false;
    YamlPair pair = {.key = arena_strndup(arena, line.data, key), .line = number, .column = 1};
    for (size_t i = 0; i < out->len; i++)
        if (text_eq(out->items[i].key, pair.key))
            return false;
    if (!take_value(arena, str_trim(value), &pair))
        return false;
    vec_push(arena, out, pair);
    return true;
}

bool yaml_read_simple(Arena *arena, Str text, YamlPairVec *out)
{
    YamlPairVec pairs = {0};
    for (int line = 1; text.len; line++) {
        StrCut cut = str_cut(text, '\n');
        if (!take_line(arena, cut.head, line, &pairs))
            return false;
        text = cut.tail;
    }
    *out = pairs;
    return pairs.len > 0;
}

bool yaml_read(Arena *arena, Str text, YamlPairVec *out, Err *err)
{
    return yaml_read_simple(arena, text, out) || yaml_read_any(arena, text, out, err);
}

/* ------------------------------------------------------------------ writing */

/* Plain where no reader could take it for anything but text. */
static bool plain(const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || text[0] == ' ' || text[len - 1] == ' ' || !(is_word(text[0])) ||
        strcmp(text, "null") == 0)
        return false;
    for (const char *c = text; *c; c++)
        if (!is_word(*c) && !strchr(" .()/+-", *c))
            return false;
    return utf8_count(text, len) == len; /* beyond ASCII, quotes cost nothing */
}

void yaml_write(StrBuf *out, const char *text)
{
    Json quoted = {.out = out}; /* a JSON string is a YAML scalar */
    if (plain(text))
        sb_text(out, text);
    else
        json_text(&quoted, NULL, text);
}

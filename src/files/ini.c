/* An ini file as a list of keys with their lines; inih parses, this hides its limits.
 *
 * inih, as distributions build it, reads lines into a buffer of 200 bytes, cuts values at " ;", strips spaces
 * and does not tell which line it is at. The reader below hands it one physical line in pieces: the key, and
 * then the value as continuation lines of it, in which spaces and ";" are encoded so that nothing is stripped
 * or cut. It counts the lines itself, and the handler puts the value together again. */
#include "files/ini.h"

#include <ini.h>
#include <string.h>

enum { ESCAPE = '\x01', PIECE = 150 };

typedef struct IniFeed {
    Arena *arena;
    const char *path;
    Str rest;       /* of the file */
    Str value;      /* of the line that is being handed over */
    int line;       /* its number */
    bool open;      /* a key stands before, which deeper lines go on with */
    size_t indent;  /* of that key */
    bool continued; /* the line belongs to the key before it */
    bool new_key;   /* the next value that arrives is the first of its line */
    IniEntryVec *entries;
    StrBuf decoded;
    Err *err;
    bool failed;
} IniFeed;

static bool must_escape(char c)
{
    return is_space(c) || c == ';' || c == '#' || c == ESCAPE;
}

/* The next piece of a value: "  " makes it a continuation line, the end marks protect what is between. */
static void give_value(IniFeed *feed, char *out, size_t at)
{
    out[at++] = ESCAPE;
    out[at++] = 'v';
    while (feed->value.len && at < PIECE) {
        char c = feed->value.data[0];
        feed->value = (Str){feed->value.data + 1, feed->value.len - 1};
        if (must_escape(c)) {
            out[at++] = ESCAPE;
            unsigned byte = (unsigned char)c;
            out[at++] = (char)('a' + (byte >> 4));
            c = (char)('a' + (byte & 15));
        }
        out[at++] = c;
    }
    out[at++] = '\n';
    out[at] = '\0';
}

static bool complain(IniFeed *feed, const char *message, const char *hint)
{
    if (!feed->failed) {
        err_fail(feed->err, CMIG_ERR_CONFIG, "%s", message);
        err_hint(feed->err, "%s", hint);
        err_at(feed->err, feed->path, feed->line, 0);
    }
    feed->failed = true;
    return false;
}

/* A line that goes on with the value of the key before it. */
static bool give_continuation(IniFeed *feed, Str text, char *out)
{
    feed->continued = true;
    feed->value = text;
    out[0] = ' ';
    give_value(feed, out, 1);
    return true;
}

static bool too_long(IniFeed *feed)
{
    return complain(feed, "a name of over 48 characters", "no setting has such a long name");
}

/* inih would cut a longer name in silence. */
enum { LONGEST_NAME = 48 };

static bool give_section(IniFeed *feed, Str text, char *out)
{
    while (text.len && text.data[text.len - 1] != ']') /* a comment may stand behind it */
        text.len--;
    if (text.len == 0)
        return complain(feed, "a section that is not closed", "write it as [name]");
    if (text.len > LONGEST_NAME)
        return too_long(feed);
    feed->open = false;
    memcpy(out, text.data, text.len);
    memcpy(out + text.len, "\n", 2);
    return true;
}

static bool give_key(IniFeed *feed, Str text, char *out)
{
    size_t separator = 0;
    while (separator < text.len && text.data[separator] != '=' && text.data[separator] != ':')
        separator++;
    Str key = str_trim((Str){text.data, separator});
    if (separator == text.len || key.len == 0)
        return complain(feed, "neither a [section] nor \"key = value\"", "comment lines begin with # or ;");
    if (key.len > LONGEST_NAME)
        return too_long(feed);
    feed->open = feed->new_key = true;
    feed->continued = false;
    feed->value = str_trim((Str){text.data + separator + 1, text.len - separator - 1});
    memcpy(out, key.data, key.len);
    out[key.len] = '=';
    give_value(feed, out, key.len + 1);
    return true;
}

/* A section, key or comment line; the value of a key is kept for the pieces to come. As Python's
 * ConfigParser has it, a line that is indented deeper than the key before it goes on with its value. */
static bool give_line(IniFeed *feed, Str line, char *out)
{
    Str text = str_trim(line);
    size_t indent = (size_t)(text.data - line.data);
    out[0] = '\n';
    out[1] = '\0';
    if (text.len == 0 || text.data[0] == '#' || text.data[0] == ';')
        return true;
    if (feed->open && indent > feed->indent)
        return give_continuation(feed, text, out);
    feed->indent = indent;
    return text.data[0] == '[' ? give_section(feed, text, out) : give_key(feed, text, out);
}

/* inih's reader: like fgets. */
static char *feed_inih(char *out, int size, void *stream)
{
    IniFeed *feed = stream;
    if (size < PIECE + 8 || feed->failed)
        return NULL;
    if (feed->value.len) {
        out[0] = ' ';
        give_value(feed, out, 1);
        return out;
    }
    if (feed->rest.len == 0)
        return NULL;
    StrCut cut = str_cut(feed->rest, '\n');
    feed->rest = cut.tail;
    feed->line++;
    return give_line(feed, cut.head, out) ? out : NULL;
}

static void decode(StrBuf *out, const char *piece)
{
    for (const char *c = piece + 2; *c; c++) { /* behind the mark */
        if (*c == ESCAPE && c[1] && c[2]) {
            sb_char(out, (char)((unsigned)(c[1] - 'a') << 4 | (unsigned)(c[2] - 'a')));
            c += 2;
        } else {
            sb_char(out, *c);
        }
    }
}

static const char *lower(Arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *c = copy; *c; c++)
        *c = to_lower(*c);
    return copy;
}

static bool duplicate(const IniEntryVec *entries, const char *section, const char *key)
{
    for (size_t i = 0; i < entries->len; i++)
        if (strcmp(entries->items[i].section, section) == 0 && strcmp(entries->items[i].key, key) == 0)
            return true;
    return false;
}

/* inih's handler: called for each piece, with the key again for continuation lines. */
static int take_piece(void *user, const char *section, const char *name, const char *piece)
{
    IniFeed *feed = user;
    IniEntryVec *entries = feed->entries;
    if (feed->failed)
        return 0;
    if (feed->new_key) {
        const char *key = lower(feed->arena, name);
        if (duplicate(entries, section, key))
            return complain(feed,
                            arena_printf(feed->arena, "the key \"%s\" is set twice in [%s]", key, section),
                            "keep one of the two lines");
        vec_push(feed->arena, entries, ((IniEntry){arena_strdup(feed->arena, section), key, "", feed->line}));
        feed->decoded = (StrBuf){.arena = feed->arena};
        feed->new_key = false;
    } else if (feed->continued) {
        sb_char(&feed->decoded, '\n');
        feed->continued = false; /* more pieces of this line follow without a newline */
    }
    if (piece[0] == ESCAPE)
        decode(&feed->decoded, piece);
    entries->items[entries->len - 1].value = sb_done(&feed->decoded);
    return 1;
}

bool ini_read(Arena *arena, const char *path, Str text, IniEntryVec *out, Err *err)
{
    IniFeed feed = {.arena = arena, .path = path, .rest = text, .entries = out, .err = err};
    size_t good = utf8_valid(text.data, text.len);
    if (good < text.len) {
        err_fail(err, CMIG_ERR_CONFIG, text.data[good] ? "not UTF-8" : "a NUL byte");
        err_hint(err, "save the file as UTF-8 text");
        int line, column;
        text_place(text, good, &line, &column);
        return err_at(err, path, line, column);
    }
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        feed.rest = (Str){text.data + 3, text.len - 3};
    *out = (IniEntryVec){0};
    int bad_line = ini_parse_stream(feed_inih, &feed, take_piece, &feed);
    if (bad_line != 0 && !feed.failed)
        return complain(&feed, "this line cannot be read", "comment lines begin with # or ;");
    return !feed.failed;
}

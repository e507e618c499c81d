/* Fuzzes the ini reader: keys stand on their lines, values are in the text, and lines behind change nothing
 * before. */
#include <stdint.h>
#include <string.h>

#include "invariant.h"
#include "files/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Str line_of(Str text, int number)
{
    while (--number > 0)
        text = str_cut(text, '\n').tail;
    return str_cut(text, '\n').head;
}

static bool holds(Str text, Str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (str_eq_fold((Str){text.data + i, part.len}, part))
            return true;
    return false;
}

/* The key and the first line of its value are on the line that is told. */
static void check_entry(Str text, const IniEntry *e)
{
    Str line = str_trim(line_of(text, e->line));
    HOLDS(
        str_eq_fold((Str){line.data, strlen(e->key) < line.len ? strlen(e->key) : line.len}, str_of(e->key)));
    HOLDS(holds(line, str_cut(str_of(e->value), '\n').head));
    for (Str rest = str_of(e->value); rest.len; rest = str_cut(rest, '\n').tail)
        HOLDS(holds(text, str_cut(rest, '\n').head));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    IniEntryVec entries = {0}, more = {0};
    Err err;
    Str text = {(const char *)data, size};
    Str behind = {text.data + (size > 0), size - (size > 0)};
    if (size > 8192 || holds(behind, STR("\xEF\xBB\xBF"))) /* inih takes a second mark away too */
        return 0;
    if (!ini_read(&tmp, "fuzz.ini", text, &entries, &err)) {
        HOLDS(err.code == CMIG_ERR_CONFIG && err.message[0] && err.hint[0]);
        HOLDS(strcmp(err.file, "fuzz.ini") == 0 && err.line >= 1);
        return 0;
    }
    Str lines = text;
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        lines = (Str){text.data + 3, text.len - 3};
    for (size_t i = 0; i < entries.len; i++) {
        HOLDS(i == 0 || entries.items[i].line > entries.items[i - 1].line);
        check_entry(lines, &entries.items[i]);
    }
    const char *longer = arena_printf(&tmp, "%.*s\n[a section behind]\na key behind = 1\n", STR_ARG(text));
    if (!ini_read(&tmp, "fuzz.ini", str_of(longer), &more, &err))
        return 0; /* the text may have had just this key */
    HOLDS(more.len == entries.len + 1);
    for (size_t i = 0; i < entries.len; i++) {
        HOLDS(strcmp(more.items[i].section, entries.items[i].section) == 0);
        HOLDS(strcmp(more.items[i].key, entries.items[i].key) == 0);
        HOLDS(strcmp(more.items[i].value, entries.items[i].value) == 0);
    }
    return 0;
}

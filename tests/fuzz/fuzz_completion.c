/* Fuzzes what the shells get for completion: lines that are a candidate and its explanation, where the
 * candidate goes on with the word that is typed, in characters that no shell takes for anything else. */
#include <stdint.h>
#include <string.h>

#include "cli/complete.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* U+0080 to U+009F are controls too, in two bytes. */
static bool has_control(Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        unsigned char next = i + 1 < text.len ? (unsigned char)text.data[i + 1] : 0;
        if (c < ' ' || c == 0x7F || (c == 0xC2 && next >= 0x80 && next < 0xA0))
            return true;
    }
    return false;
}

/* A project of one revision file. */
static void make_project(Arena *arena, Str revision)
{
    static bool made;
    Err err;
    if (!made) {
        HOLDS(fs_make_folders(path_join(arena, scratch_folder(), "m/versions"), &err));
        setenv("CMIG_CONFIG", scratch_file(arena, "migrate.ini", STR("[cmig]\nscript_location = m\n")), 1);
        made = true;
    }
    scratch_file(arena, "m/versions/a.sql", revision);
}

/* The words are between tabs. None names a file elsewhere. */
static bool read_words(Arena *arena, Str line, TextVec *out)
{
    if (utf8_valid(line.data, line.len) != line.len || memchr(line.data, '/', line.len))
        return false;
    for (bool more = true; more;) {
        StrCut cut = str_cut(line, '\t');
        vec_push(arena, out, arena_strndup(arena, cut.head.data, cut.head.len));
        line = cut.tail;
        more = cut.found;
    }
    return true;
}

/* Quotes, expansions, separators and the like would be read by the shell that the candidate is put into. */
static bool is_plain(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_word(text.data[i]) && !strchr("-_.:@=", text.data[i]))
            return false;
    return true;
}

static void check_line(Str line, Str typed)
{
    StrCut cut = str_cut(line, '\t');
    HOLDS(cut.found && cut.head.len);
    HOLDS(!has_control(cut.head) && !has_control(cut.tail));
    HOLDS(utf8_valid(line.data, line.len) == line.len);
    if (has_control(typed)) /* they are shown as "?" */
        return;
    HOLDS(str_starts(cut.head, typed));
    HOLDS(is_plain((Str){cut.head.data + typed.len, cut.head.len - typed.len}));
}

/* The first line of the input is what was typed, the rest is a revision file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    StrCut cut = str_cut((Str){(const char *)data, size}, '\n');
    TextVec words = {0};
    char *printed = NULL;
    size_t len = 0;
    if (size > 2048 || memchr(cut.head.data ? cut.head.data : "", '\0', cut.head.len) ||
        !read_words(&tmp, cut.head, &words))
        return 0;
    make_project(&tmp, cut.tail);
    FILE *out = open_memstream(&printed, &len);
    HOLDS(out);
    complete_words(&tmp, &words, out);
    HOLDS(fclose(out) == 0);
    for (Str rest = {printed, len}; rest.len;) {
        StrCut line = str_cut(rest, '\n');
        HOLDS(line.found);
        check_line(line.head, str_of(words.items[words.len - 1]));
        rest = line.tail;
    }
    free(printed);
    return 0;
}

/* Fuzzes the writing of new revisions: what a template gives for a file name is a name below its folder, and
 * what it gives for a text reads back as the same revision. */
#include <stdint.h>
#include <string.h>

#include "invariant.h"
#include "files/revfile.h"
#include "files/template.h"

extern const char template_revision_sql_in[];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input's lines are: file_template, the id, the message, the down_revisions, the labels and dependencies,
 * each with spaces between; the rest is a template of the text. */
typedef struct Input {
    Settings settings;
    Revision revision;
    Str text;
} Input;

static const char *next_line(Arena *arena, Str *rest)
{
    StrCut cut = str_cut(*rest, '\n');
    *rest = cut.tail;
    return arena_strndup(arena, cut.head.data, cut.head.len);
}

static TextVec next_ids(Arena *arena, Str *rest)
{
    TextVec ids = {0};
    Err err;
    Str line = str_of(next_line(arena, rest));
    while (line.len) {
        StrCut cut = str_cut(line, ' ');
        const char *id = arena_strndup(arena, cut.head.data, cut.head.len);
        if (revision_id_check(id, "revision", &err))
            vec_push(arena, &ids, id);
        line = cut.tail;
    }
    return ids;
}

static Input read_input(Arena *arena, Str rest)
{
    Input input = {.settings = {.file = "fuzz.ini", .truncate_slug_length = rest.len % 60}};
    input.settings.file_template = next_line(arena, &rest);
    input.revision = (Revision){.id = next_line(arena, &rest), .message = next_line(arena, &rest)};
    input.revision.down_revision = next_ids(arena, &rest);
    input.revision.branch_labels = next_ids(arena, &rest);
    input.revision.depends_on = next_ids(arena, &rest);
    input.revision.create_date = "2026-11-20 12:00:00+00:00";
    input.text = rest;
    return input;
}

static void check_slug(Arena *arena, const Input *input)
{
    size_t limit = input->settings.truncate_slug_length;
    const char *slug = template_slug(arena, input->revision.message, limit);
    size_t len = strlen(slug), count = utf8_count(slug, len);
    for (const char *c = slug; *c; c++)
        HOLDS(is_word(*c) && to_lower(*c) == *c);
    HOLDS(count <= limit || (count == limit + 1 && slug[len - 1] == '_'));
    HOLDS(utf8_valid(slug, len) == len);
}

static void check_file_name(Arena *arena, const Input *input)
{
    const WallTime now = {.epoch = 1795000000, .tm = {.tm_year = 126, .tm_mon = 10, .tm_mday = 20}};
    const Settings usual = {
        .file = "fuzz.ini", .file_template = "%(rev)s_%(slug)s", .truncate_slug_length = 40};
    const char *name = NULL;
    Err err;
    if (template_file_name(arena, &input->settings, &input->revision, &now, &name, &err)) {
        size_t len = strlen(name);
        HOLDS(len > 4 && strcmp(name + len - 4, ".sql") == 0);
        HOLDS(name[0] != '/' && name[0] != '.' && !strstr(name, ".."));
        for (const char *c = name; *c; c++)
            HOLDS((unsigned char)*c >= ' ' && *c != 0x7F);
    } else {
        HOLDS(err.code == CMIG_ERR_CONFIG && err.message[0] && err.hint[0] &&
              strcmp(err.file, "fuzz.ini") == 0);
        HOLDS(!name);
    }
    if (strstr(input->revision.id, "..") || input->revision.id[0] == '.')
        return;
    HOLDS(template_file_name(arena, &usual, &input->revision, &now, &name, &err));
    HOLDS(strncmp(name, input->revision.id, strlen(input->revision.id)) == 0);
}

static void check_same(const TextVec *a, const TextVec *b)
{
    HOLDS(a->len == b->len);
    for (size_t i = 0; i < a->len; i++)
        HOLDS(strcmp(a->items[i], b->items[i]) == 0);
}

/* cmig's own template. */
static void check_revision(Arena *arena, const Input *input)
{
    Revision read;
    const char *text;
    Err err;
    HOLDS(template_text(arena, "revision.sql.in", str_of(template_revision_sql_in), &input->revision, &text,
                        &err));
    HOLDS(revfile_header(arena, "new.sql", str_of(text), &read, &err));
    HOLDS(strcmp(read.id, input->revision.id) == 0);
    HOLDS(strcmp(read.message, input->revision.message) == 0);
    HOLDS(strcmp(read.create_date, input->revision.create_date) == 0);
    check_same(&read.down_revision, &input->revision.down_revision);
    check_same(&read.branch_labels, &input->revision.branch_labels);
    check_same(&read.depends_on, &input->revision.depends_on);
}

/* A user's template: lines without a placeholder stay as they are, spaces at their ends aside. */
static void check_lines(Arena *arena, const Input *input)
{
    const char *text = NULL;
    Err err;
    Str rest = input->text;
    if (!template_text(arena, "fuzz.sql.in", rest, &input->revision, &text, &err)) {
        HOLDS(err.code == CMIG_ERR_CONFIG && err.message[0] && err.hint[0] &&
              strcmp(err.file, "fuzz.sql.in") == 0);
        Str line = rest;
        for (int i = 1; i < err.line; i++)
            line = str_cut(line, '\n').tail;
        HOLDS(err.line >= 1 && line.len);
        HOLDS(strstr(arena_strndup(arena, line.data, str_cut(line, '\n').head.len), "${"));
        return;
    }
    Str written = str_of(text);
    while (rest.len) {
        StrCut cut = str_cut(rest, '\n');
        const char *line = arena_strndup(arena, cut.head.data, cut.head.len);
        rest = cut.tail;
        if (strstr(line, "${"))
            return;
        StrCut out = str_cut(written, '\n');
        while (cut.head.len && cut.head.data[cut.head.len - 1] == ' ')
            cut.head.len--;
        HOLDS(out.found && str_eq(out.head, cut.head));
        written = out.tail;
    }
    HOLDS(written.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    Err err;
    Str text = {(const char *)data, size};
    if (size > 4096 || utf8_valid(text.data, size) != size)
        return 0;
    Input input = read_input(&tmp, text);
    check_slug(&tmp, &input);
    if (!revision_id_check(input.revision.id, "revision", &err))
        return 0;
    check_file_name(&tmp, &input);
    check_revision(&tmp, &input);
    check_lines(&tmp, &input);
    return 0;
}

/* Writing a new revision: its file name from file_template, its text from revision.sql.in. */
#include "files/template.h"

#include <string.h>

#include "files/yaml.h"

const char *template_slug(Arena *arena, const char *message, size_t limit)
{
    StrBuf slug = {.arena = arena};
    for (const char *c = message; *c; c++) {
        if (is_word(*c))
            sb_char(&slug, to_lower(*c));
        else if (slug.len && slug.data[slug.len - 1] != '_')
            sb_char(&slug, '_');
    }
    while (slug.len && slug.data[slug.len - 1] == '_')
        slug.data[--slug.len] = '\0';
    if (utf8_count(sb_done(&slug), slug.len) <= limit)
        return sb_done(&slug);
    size_t end = 0, last = 0;
    for (size_t count = 0; end < slug.len && (count += (slug.data[end] & 0xC0) != 0x80) <= limit; end++)
        last = slug.data[end] == '_' ? end : last;
    return arena_printf(arena, "%.*s_", (int)(last ? last : end),
                        slug.data); /* Alembic marks the cut like this */
}

/* ------------------------------------------------------------------ file names */

typedef struct NameToken {
    const char *name, *text; /* text, or a number */
    long long number;
} NameToken;

/* The conversion behind %(name): s, d, or d with digits such as .2d. Returns its length, 0 if it is none. */
static size_t conversion(Str rest, int *width)
{
    size_t at = rest.len && rest.data[0] == '.' ? 1 : 0;
    *width = 0;
    while (at < rest.len && is_digit(rest.data[at]) && at < 4)
        *width = *width * 10 + (rest.data[at++] - '0');
    return at < rest.len && (rest.data[at] == 'd' || rest.data[at] == 's') ? at + 1 : 0;
}

static bool bad_template(const Settings *settings, const char *what, Str token, Err *err)
{
    err_fail(err, CMIG_ERR_CONFIG, "file_template: %s \"%%(%.*s)\"", what, STR_ARG(token));
    err_hint(
        err,
        "it may hold %%%%(rev)s, %%%%(slug)s, %%%%(epoch)s, and %%%%(year)d, %%%%(month).2d, %%%%(day).2d, "
        "%%%%(hour).2d, %%%%(minute).2d, %%%%(second).2d");
    return err_at(err, settings->file, 0, 0);
}

static bool add_token(const Settings *settings, const NameToken *tokens, size_t count, Str *rest, StrBuf *out,
                      Err *err)
{
    StrCut cut = str_cut((Str){rest->data + 2, rest->len - 2}, ')');
    int width;
    size_t used = cut.found ? conversion(cut.tail, &width) : 0;
    if (used == 0)
        return bad_template(settings, "expected s or d after", cut.head, err);
    *rest = (Str){cut.tail.data + used, cut.tail.len - used};
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(cut.head, str_of(tokens[i].name)))
            continue;
        if (tokens[i].text)
            sb_text(out, tokens[i].text);
        else
            sb_printf(out, "%0*lld", width, tokens[i].number);
        return true;
    }
    return bad_template(settings, "unknown name", cut.head, err);
}

static bool has_control(const char *name)
{
    while ((unsigned char)*name >= ' ' && *name != 0x7F)
        name++;
    return *name != '\0';
}

bool template_file_name(Arena *arena, const Settings *settings, const Revision *revision, const WallTime *now,
                        const char **out, Err *err)
{
    const NameToken tokens[] = {
        {"rev", revision->id, 0},
        {"slug", template_slug(arena, revision->message, settings->truncate_slug_length), 0},
        {"epoch", NULL, now->epoch},
        {"year", NULL, now->tm.tm_year + 1900LL},
        {"month", NULL, now->tm.tm_mon + 1},
        {"day", NULL, now->tm.tm_mday},
        {"hour", NULL, now->tm.tm_hour},
        {"minute", NULL, now->tm.tm_min},
        {"second", NULL, now->tm.tm_sec},
    };
    StrBuf name = {.arena = arena};
    Str rest = str_of(settings->file_template);
    while (rest.len) {
        if (str_starts(rest, STR("%("))) {
            if (!add_token(settings, tokens, COUNT(tokens), &rest, &name, err))
                return false;
        } else {
            sb_char(&name, rest.data[0]);
            rest = (Str){rest.data + 1, rest.len - 1};
        }
    }
    sb_text(&name, ".sql");
    if (name.data[0] == '/' || name.data[0] == '.' || strstr(name.data, "..") || has_control(name.data)) {
        err_fail(err, CMIG_ERR_CONFIG, "file_template gives the file name \"%s\"", name.data);
        err_hint(err, "a file name must not begin with \"/\" or \".\", and must not contain \"..\" or "
                      "control characters "
                      "such as line ends");
        return err_at(err, settings->file, 0, 0);
    }
    *out = name.data;
    return true;
}

/* ------------------------------------------------------------------ the text */

static void add_list(StrBuf *out, const TextVec *texts)
{
    if (texts->len == 1) {
        yaml_write(out, texts->items[0]);
        return;
    }
    for (size_t i = 0; i < texts->len; i++) {
        sb_text(out, i ? ", " : "[");
        yaml_write(out, texts->items[i]);
    }
    if (texts->len)
        sb_char(out, ']');
}

static bool add_placeholder(Str name, const Revision *r, StrBuf *out, bool *optional)
{
    *optional = false;
    if (str_eq(name, STR("revision"))) {
        yaml_write(out, r->id);
    } else if (str_eq(name, STR("down_revision"))) {
        add_list(out, &r->down_revision);
    } else if (str_eq(name, STR("message"))) {
        yaml_write(out, r->message);
    } else if (str_eq(name, STR("create_date"))) {
        sb_text(out, r->create_date);
    } else if (str_eq(name, STR("branch_labels")) || str_eq(name, STR("depends_on"))) {
        add_list(out, name.data[0] == 'b' ? &r->branch_labels : &r->depends_on);
        *optional = true;
    } else {
        return false;
    }
    return true;
}

static bool add_line(Str line, const Revision *r, StrBuf *out, Str *unknown)
{
    bool drop = false;
    size_t start = out->len;
    for (size_t at = 0; at < line.len;) {
        Str rest = {line.data + at, line.len - at};
        StrCut cut = str_cut((Str){rest.data + 2, rest.len >= 2 ? rest.len - 2 : 0}, '}');
        if (!str_starts(rest, STR("${")) || !cut.found) {
            sb_char(out, rest.data[0]);
            at++;
            continue;
        }
        bool optional;
        size_t before = out->len;
        if (!add_placeholder(cut.head, r, out, &optional)) {
            *unknown = cut.head;
            return false;
        }
        drop |= optional && out->len == before;
        at += cut.head.len + 3;
    }
    while (out->len > start && out->data[out->len - 1] == ' ')
        out->len--;
    if (drop)
        out->len = start;
    else
        sb_char(out, '\n');
    return true;
}

bool template_text(Arena *arena, const char *path, Str text, const Revision *revision, const char **out,
                   Err *err)
{
    StrBuf filled = {.arena = arena};
    Str unknown;
    for (int line = 1; text.len; line++) {
        StrCut cut = str_cut(text, '\n');
        if (!add_line(cut.head, revision, &filled, &unknown)) {
            err_fail(err, CMIG_ERR_CONFIG, "unknown placeholder \"${%.*s}\"", STR_ARG(unknown));
            err_hint(
                err,
                "known are ${revision}, ${down_revision}, ${branch_labels}, ${depends_on}, ${message} and "
                "${create_date}");
            return err_at(err, path, line, 0);
        }
        text = cut.tail;
    }
    if (filled.data)
        filled.data[filled.len] = '\0';
    *out = sb_done(&filled);
    return true;
}

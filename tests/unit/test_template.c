/* New revisions: slugs, file names, and the text from the template, which must read back as it was meant. */
#include "cases.h"
#include "files/revfile.h"
#include "files/template.h"

static const struct SlugCase {
    const char *name, *message;
    size_t limit;
    const char *slug;
} slug_cases[] = {
    {"words are joined with underscores", "add users table", 40, "add_users_table"},
    {"capitals become small", "Add Users", 40, "add_users"},
    {"signs are left out", "fix: it's #12!", 40, "fix_it_s_12"},
    {"an empty message has an empty slug", "", 40, ""},
    {"signs only have an empty slug", "!?", 40, ""},
    {"as many characters as allowed are kept", "12345 7890", 10, "12345_7890"},
    {"one more is cut at a word", "12345 78901", 10, "12345_"},
    {"a first word that is too long is cut", "1234567890123", 10, "1234567890_"},
    {"characters count, not bytes", "ääääääääää", 10, "ääääääääää"},
    {"a cut is not in the middle of a character", "äääääääääää", 10, "ääääääääää_"},
    {"a slash or dots make no path", "../../etc", 40, "etc"},
    {"line ends are spaces", "a\nb", 40, "a_b"},
};

static void slug(void **state)
{
    SCRATCH(tmp);
    const struct SlugCase *c = *state;
    assert_string_equal(template_slug(&tmp, c->message, c->limit), c->slug);
}

static const struct NameCase {
    const char *name, *template, *file; /* no file: an error */
} name_cases[] = {
    {"id and slug", "%(rev)s_%(slug)s", "88fb_add_users.sql"},
    {"date and time as Alembic's documents have it",
     "%(year)d%(month).2d%(day).2d_%(hour).2d%(minute).2d%(second).2d_%(slug)s",
     "20260307_040506_add_users.sql"},
    {"numbers without a width", "%(year)d-%(month)d-%(day)d", "2026-3-7.sql"},
    {"numbers with a width alone", "%(month)02d", "03.sql"},
    {"seconds since 1970", "%(epoch)d_%(rev)s", "1772856306_88fb.sql"},
    {"numbers written as texts", "%(year)s", "2026.sql"},
    {"nothing to replace", "migration", "migration.sql"},
    {"a percent sign is itself", "100%_%(rev)s", "100%_88fb.sql"},
    {"an unknown name", "%(author)s", NULL},
    {"a name that is not closed", "%(rev", NULL},
    {"a name without its letter", "%(rev)", NULL},
    {"a letter that is none", "%(rev)x", NULL},
    {"an absolute path", "/tmp/%(rev)s", NULL},
    {"a path upwards", "../%(rev)s", NULL},
    {"a line end", "%(rev)s\n%(slug)s", NULL},
    {"an escape sequence", "\x1b[31m%(rev)s", NULL},
    {"a hidden file", ".%(rev)s", NULL},
};

static void file_name(void **state)
{
    SCRATCH(tmp);
    const struct NameCase *c = *state;
    Settings settings = {.file_template = c->template, .truncate_slug_length = 40, .file = "migrate.ini"};
    Revision revision = {.id = "88fb", .message = "add users", .create_date = ""};
    WallTime now = {
        .epoch = 1772856306,
        .tm = {.tm_year = 126, .tm_mon = 2, .tm_mday = 7, .tm_hour = 4, .tm_min = 5, .tm_sec = 6}};
    const char *got;
    Err err;
    bool done = template_file_name(&tmp, &settings, &revision, &now, &got, &err);
    if (c->file) {
        assert_done(done, &err);
        assert_string_equal(got, c->file);
    } else {
        assert_failed(done, &err, "file_template", 0, 0);
        assert_int_equal(err.code, CMIG_ERR_CONFIG);
        assert_string_equal(err.file, "migrate.ini");
    }
}

static const struct FillCase {
    const char *name, *in, *out; /* no out: an error in line 2 */
} text_cases[] = {
    {"placeholders are filled", "a ${revision} b ${message}\n", "a c1 b add users\n"},
    {"a list of several is in brackets", "${down_revision}\n", "[a1, b1]\n"},
    {"a list of one stands alone", "${branch_labels}\n", "lib\n"},
    {"a line with nothing to say is left out", "x\ndepends_on: ${depends_on}\ny\n", "x\ny\n"},
    {"text without placeholders stays", "SELECT $1, '$', $$ { } $$;\n", "SELECT $1, '$', $$ { } $$;\n"},
    {"what begins like a placeholder and is not closed stays", "${revision\n", "${revision\n"},
    {"a line end is added at the end", "a", "a\n"},
    {"spaces at the end of a line go", "a: ${revision}  \nb \n", "a: c1\nb\n"},
    {"an empty template", "", ""},
    {"empty lines stay", "a\n\n\nb\n", "a\n\n\nb\n"},
    {"an unknown placeholder", "a\n${author}\n", NULL},
    {"an empty placeholder", "a\n${}\n", NULL},
};

static Revision example(Arena *arena)
{
    Revision r = {.id = "c1",
                  .message = "add users",
                  .create_date = "2026-01-01 00:00:00+00:00",
                  .transactional = true};
    vec_push(arena, &r.down_revision, "a1");
    vec_push(arena, &r.down_revision, "b1");
    vec_push(arena, &r.branch_labels, "lib");
    return r;
}

static void text(void **state)
{
    SCRATCH(tmp);
    const struct FillCase *c = *state;
    Revision r = example(&tmp);
    const char *got;
    Err err;
    bool done = template_text(&tmp, "t.in", str_of(c->in), &r, &got, &err);
    if (c->out) {
        assert_done(done, &err);
        assert_string_equal(got, c->out);
    } else {
        assert_failed(done, &err, "unknown placeholder", 2, 0);
        assert_string_equal(err.file, "t.in");
    }
}

/* Messages that must not break the header they are written into. */
static const struct MessageCase {
    const char *name, *message;
} message_cases[] = {
    {"a plain message reads back", "add users table"},
    {"an empty message reads back", ""},
    {"quotes and signs read back", "fix: \"x\" #1 - 'y' \\n & * %"},
    {"a line end reads back", "a\nb"},
    {"a message that looks like a fence reads back", "---"},
    {"a message that looks like a marker reads back", "\n-- cmig:upgrade\nDROP TABLE users;"},
    {"a message that is a placeholder reads back", "${revision}"},
    {"a message that is null reads back", "null"},
    {"letters beyond ASCII read back", "größe 日本 𝄞"},
    {"a delete character reads back", "a\x7f"},
};

static void reads_back(void **state)
{
    SCRATCH(tmp);
    const struct MessageCase *c = *state;
    Revision r = example(&tmp), got;
    Str template;
    const char *filled;
    Err err;
    r.message = c->message;
    assert_done(fs_read(&tmp, "templates/revision.sql.in", &template, &err), &err);
    assert_done(template_text(&tmp, "t.in", template, &r, &filled, &err), &err);
    assert_done(revfile_header(&tmp, "x.sql", str_of(filled), &got, &err), &err);
    assert_string_equal(got.id, "c1");
    assert_string_equal(got.message, c->message);
    assert_string_equal(got.create_date, r.create_date);
    assert_string_equal(texts_join(&tmp, &got.down_revision), "a1, b1");
    assert_string_equal(texts_join(&tmp, &got.branch_labels), "lib");
    assert_int_equal(got.depends_on.len, 0);
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, slug_cases, slug);
    ADD_ROWS(&suite, name_cases, file_name);
    ADD_ROWS(&suite, text_cases, text);
    ADD_ROWS(&suite, message_cases, reads_back);
    return suite_run(&suite, "template");
}

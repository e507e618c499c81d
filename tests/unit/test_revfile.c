/* Headers of revision files: what they may say, and where errors in them are. */
#include "cases.h"
#include "files/revfile.h"

#define FENCED(lines) "-- ---\n" lines "-- ---\n"

/* "revision|down|labels|depends|message|date|transaction" */
static const char *header_text(Arena *arena, const Revision *r)
{
    return arena_printf(arena, "%s|%s|%s|%s|%s|%s|%s", r->id, texts_join(arena, &r->down_revision),
                        texts_join(arena, &r->branch_labels), texts_join(arena, &r->depends_on), r->message,
                        r->create_date, r->transactional ? "true" : "false");
}

static const struct HeaderCase {
    const char *name, *in, *out;
} header_cases[] = {
    {"the contract's example",
     FENCED("-- revision: 88fb11965e20\n-- down_revision: 043bdf6fcef1\n-- message: add users table\n"
            "-- create_date: 2026-11-20 12:00:00+00:00\n"),
     "88fb11965e20|043bdf6fcef1|||add users table|2026-11-20 12:00:00+00:00|true"},
    {"an id alone is enough", FENCED("-- revision: a\n"), "a||||||true"},
    {"every key",
     FENCED("-- revision: c\n-- down_revision: [a, b]\n-- branch_labels: [x, y]\n-- depends_on: [d, e]\n"
            "-- message: m\n-- create_date: t\n-- transaction: false\n"),
     "c|a, b|x, y|d, e|m|t|false"},
    {"lists in lines", FENCED("-- revision: c\n-- down_revision:\n--   - a\n--   - b\n"), "c|a, b|||||true"},
    {"lists of one text each", FENCED("-- revision: c\n-- branch_labels: x\n-- depends_on: d\n"),
     "c||x|d|||true"},
    {"an empty down_revision is none", FENCED("-- revision: c\n-- down_revision:\n"), "c||||||true"},
    {"a tilde is none", FENCED("-- revision: c\n-- down_revision: ~\n"), "c||||||true"},
    {"null is none", FENCED("-- revision: c\n-- down_revision: null\n"), "c||||||true"},
    {"an empty list is none", FENCED("-- revision: c\n-- down_revision: []\n"), "c||||||true"},
    {"quoted null is an id", FENCED("-- revision: c\n-- down_revision: \"null\"\n"), "c|null|||||true"},
    {"null in a list is an id", FENCED("-- revision: c\n-- down_revision: [null]\n"), "c|null|||||true"},
    {"an id of digits", FENCED("-- revision: 0123456789\n"), "0123456789||||||true"},
    {"ids that YAML might take for others", FENCED("-- revision: 1e10\n-- down_revision: yes\n"),
     "1e10|yes|||||true"},
    {"the revision null", FENCED("-- revision: null\n"), "null||||||true"},
    {"no space behind the signs", "-- ---\n--revision: a\n-- ---\n", "a||||||true"},
    {"a line of dashes is no fence", "-----\n-- ---\n-- revision: a\n-- ---\n", "a||||||true"},
    {"more spaces around the fence", "--   ---  \n-- revision: a\n  -- ---\n", "a||||||true"},
    {"CRLF line ends", "-- ---\r\n-- revision: a\r\n-- message: m\r\n-- ---\r\n", "a||||m||true"},
    {"a byte order mark", "\xEF\xBB\xBF-- ---\n-- revision: a\n-- ---\n", "a||||||true"},
    {"comments and empty lines before the header", "\n-- Copyright\n\n-- ---\n-- revision: a\n-- ---\n",
     "a||||||true"},
    {"no line end behind the last fence", "-- ---\n-- revision: a\n-- ---", "a||||||true"},
    {"an empty comment line in the header", FENCED("-- revision: a\n--\n-- message: m\n"), "a||||m||true"},
    {"a comment in the header", FENCED("-- # hand-made\n-- revision: a # why\n"), "a||||||true"},
    {"a message in quotes", FENCED("-- revision: a\n-- message: \"fix: \\\"x\\\" #1\"\n"),
     "a||||fix: \"x\" #1||true"},
    {"letters beyond ASCII", FENCED("-- revision: größe\n-- message: 日本\n"), "größe||||日本||true"},
    {"what follows the header is not looked at", FENCED("-- revision: a\n") "-- ---\nSELECT \xFF 'x",
     "a||||||true"},
};

static void header(void **state)
{
    SCRATCH(tmp);
    const struct HeaderCase *c = *state;
    Revision r;
    Err err;
    assert_done(revfile_header(&tmp, "x.sql", str_of(c->in), &r, &err), &err);
    assert_string_equal(header_text(&tmp, &r), c->out);
    assert_string_equal(r.path, "x.sql");
}

static const struct BadCase {
    const char *name, *in, *message;
    int line, column;
    const char *hint;
} bad_cases[] = {
    {"an empty file", "", "no header", 1, 1, "cmig revision"},
    {"SQL at once", "SELECT 1;\n", "no header", 1, 1, ""},
    {"SQL before the fence", "-- a\n\nSELECT 1;\n-- ---\n", "no header", 3, 1, ""},
    {"comments only", "-- a\n-- b\n", "no header", 1, 1, ""},
    {"a header that is never closed", "-- a\n-- ---\n-- revision: a\n", "the header is never closed", 2, 1,
     ""},
    {"a line that is no comment in the header", "-- ---\n-- revision: a\nSELECT 1;\n-- ---\n",
     "not closed before this line", 3, 1, "begins with \"--\""},
    {"an empty line in the header", "-- ---\n-- revision: a\n\n-- ---\n", "not closed before this line", 3, 1,
     ""},
    {"a header without revision", FENCED("-- message: m\n"), "the header has no \"revision\"", 2, 1,
     "-- revision: "},
    {"an empty header", FENCED(""), "the header has no \"revision\"", 2, 1, ""},
    {"an unknown key", FENCED("-- revision: a\n-- down_revison: b\n"), "unknown key \"down_revison\"", 3, 4,
     "did you mean \"down_revision\"?"},
    {"an unknown key like no other", FENCED("-- revision: a\n-- frobnicate: b\n"),
     "unknown key \"frobnicate\"", 3, 4, "known are revision"},
    {"an unknown key without a space before it", FENCED("--revision: a\n--x_y_z: b\n"),
     "unknown key \"x_y_z\"", 3, 3, ""},
    {"a key twice", FENCED("-- revision: a\n-- message: b\n-- revision: c\n"),
     "the key \"revision\" is there twice", 4, 4, ""},
    {"a revision that is a list", FENCED("-- revision: [a, b]\n"), "\"revision\" is one text, not a list", 2,
     4, ""},
    {"a revision that is empty", FENCED("-- revision:\n"), "empty revision", 2, 4, ""},
    {"a revision that is no id", FENCED("-- message: m\n-- revision: a-b\n"), "it holds \"-\"", 3, 4, ""},
    {"a message that is a list", FENCED("-- revision: a\n-- message: [a]\n"), "\"message\" is one text", 3, 4,
     ""},
    {"a transaction that is neither true nor false", FENCED("-- revision: a\n-- transaction: no\n"),
     "\"transaction\" is true or false, not \"no\"", 3, 4, ""},
    {"what is no YAML, below comments", "-- a\n-- b\n" FENCED("-- revision: a\n-- message: [b\n"), "not YAML",
     0, 0, ""},
    {"an alias", FENCED("-- revision: *a\n"), "anchors and aliases", 2, 14, ""},
    {"a nested value", FENCED("-- revision: a\n-- message: {b: c}\n"), "nested", 3, 13, ""},
    {"an unknown key with a byte order mark and CRLF",
     "\xEF\xBB\xBF-- ---\r\n-- revision: a\r\n-- massage: m\r\n-- ---\r\n", "unknown key \"massage\"", 3, 4,
     "message"},
    {"an unknown key in an indented header", "  -- ---\n  -- revision: a\n  -- massage: m\n  -- ---\n",
     "unknown key \"massage\"", 3, 6, ""},
};

static void bad(void **state)
{
    SCRATCH(tmp);
    const struct BadCase *c = *state;
    Revision r = {.id = "untouched"};
    Err err;
    assert_false(revfile_header(&tmp, "x.sql", str_of(c->in), &r, &err));
    assert_holds(err.message, c->message);
    assert_holds(err.hint, c->hint);
    assert_string_equal(err.file, "x.sql");
    assert_int_equal(err.code, CMIG_ERR_REVISION);
    assert_string_equal(r.id, "untouched");
    if (c->line) {
        assert_int_equal(err.line, c->line);
        assert_int_equal(err.column, c->column);
    } else {
        assert_true(err.line >= 3); /* in the header, not before it */
    }
}

/* What is kept of a header does not live in the text. */
static void copied(void **state)
{
    SCRATCH(tmp);
    char text[] = FENCED("-- revision: abc\n-- down_revision: [def]\n-- message: ghi\n");
    Revision r;
    Err err;
    (void)state;
    assert_done(revfile_header(&tmp, "x.sql", (Str){text, sizeof text - 1}, &r, &err), &err);
    memset(text, 'x', sizeof text);
    assert_string_equal(header_text(&tmp, &r), "abc|def|||ghi||true");
}

static const struct BytesCase {
    const char *name, *in;
    size_t len;
    bool whole;
    const char *message; /* NULL: good */
    int line, column;
} bytes_cases[] = {
    {"good text is good", "a\nä\n", 5, true, NULL, 0, 0},
    {"an empty file is good", "", 0, true, NULL, 0, 0},
    {"Latin-1 is refused with its place", "a\nb\xE9 c", 6, true, "not UTF-8: byte 0xE9", 2, 2},
    {"columns before a bad byte count characters", "äö\xFF", 5, true, "not UTF-8: byte 0xFF", 1, 3},
    {"a NUL byte is refused with its place", "a\n\0b", 4, true, "a NUL byte", 2, 1},
    {"a character that is cut at the end of a part is let through", "a\xE2\x82", 3, false, NULL, 0, 0},
    {"a character that is cut at the end of the whole is not", "a\xE2\x82", 3, true, "not UTF-8: byte 0xE2",
     1, 2},
    {"UTF-16 is refused",
     "\xFF\xFE"
     "a\0",
     4, true, "not UTF-8: byte 0xFF", 1, 1},
};

static void bytes(void **state)
{
    const struct BytesCase *c = *state;
    Err err;
    bool good = revfile_check_bytes("x.sql", (Str){c->in, c->len}, c->whole, &err);
    if (c->message)
        assert_failed(good, &err, c->message, c->line, c->column);
    else
        assert_done(good, &err);
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, header_cases, header);
    ADD_ROWS(&suite, bad_cases, bad);
    ADD_TEST(&suite, "a header is copied out of its text", copied);
    ADD_ROWS(&suite, bytes_cases, bytes);
    return suite_run(&suite, "revfile");
}

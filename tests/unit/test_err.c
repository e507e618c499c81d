/* Errors as values: filling, prefixing, cutting, and the exit statuses that are promised. */
#include <errno.h>

#include "cases.h"

static const struct StatusCase {
    const char *name;
    CmigErrorCode code;
    int status;
} status_cases[] = {
    {"no error exits with 0", CMIG_ERR_NONE, 0},
    {"wrong usage exits with 2", CMIG_ERR_USAGE, 2},
    {"wrong configuration exits with 2", CMIG_ERR_CONFIG, 2},
    {"a wrong revision file exits with 1", CMIG_ERR_REVISION, 1},
    {"a target that is none exits with 1", CMIG_ERR_TARGET, 1},
    {"a refused statement exits with 1", CMIG_ERR_SQL, 1},
    {"an interrupt exits with 130", CMIG_ERR_INTERRUPTED, 130},
};

static void status(void **state)
{
    const struct StatusCase *c = *state;
    assert_int_equal(cmig_error_exit_status(c->code), c->status);
}

static void meanings(void **state)
{
    (void)state;
    for (int code = 0; code < CMIG_ERR_COUNT; code++) {
        const char *meaning = cmig_error_meaning((CmigErrorCode)code);
        assert_true(strlen(meaning) > 3);
        assert_true(meaning[strlen(meaning) - 1] != '.');
    }
}

static void fill(void **state)
{
    Err err = {.line = 7, .hint = "old", .file = "old", .sqlstate = "42601", .revision = "old"};
    (void)state;
    assert_false(err_fail(&err, CMIG_ERR_GRAPH, "no %s", "way"));
    assert_int_equal(err.code, CMIG_ERR_GRAPH);
    assert_string_equal(err.message, "no way");
    assert_string_equal(err.hint, "");
    assert_string_equal(err.file, "");
    assert_string_equal(err.sqlstate, "");
    assert_string_equal(err.revision, "");
    assert_int_equal(err.line, 0);
}

static void add(void **state)
{
    Err err;
    (void)state;
    err_fail(&err, CMIG_ERR_FILE, "inner");
    assert_false(err_hint(&err, "do %d things", 2));
    assert_false(err_at(&err, "a.sql", 3, 4));
    assert_false(err_while(&err, "reading \"%s\"", "x"));
    assert_string_equal(err.message, "reading \"x\": inner");
    assert_string_equal(err.hint, "do 2 things");
    assert_string_equal(err.file, "a.sql");
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 4);
    assert_int_equal(err.code, CMIG_ERR_FILE);
}

static void number(void **state)
{
    Err err;
    (void)state;
    assert_false(err_errno(&err, CMIG_ERR_FILE, ENOENT, "cannot read \"%s\"", "x"));
    assert_holds(err.message, "cannot read \"x\": ");
    assert_holds(err.message, strerror(ENOENT));
}

static const struct CopyCase {
    const char *name, *in, *out;
} copy_cases[] = {
    {"a text that just fits is copied", "123456789", "123456789"},
    {"a longer one is cut and marked", "1234567890", "123456..."},
    {"an empty one", "", ""},
    {"a character of two bytes is not cut in half", "12345ä7890", "12345..."},
    {"a character of two bytes that fits is kept", "1234ä67890", "1234ä..."},
    {"a character of three bytes is not cut in half", "1234€890x", "1234..."},
    {"a character of four bytes is not cut in half", "1234𝄞90x", "1234..."},
};

static void copy(void **state)
{
    const struct CopyCase *c = *state;
    char field[10];
    memset(field, 'x', sizeof field);
    err_copy(field, sizeof field, c->in);
    assert_string_equal(field, c->out);
}

/* Whatever is put into it, a message is UTF-8 that ends, and says that it was cut. */
static void long_messages(void **state)
{
    SCRATCH(tmp);
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        Err err;
        StrBuf text = {.arena = &tmp};
        for (size_t i = 0; i < shift; i++)
            sb_char(&text, 'x');
        while (text.len < 5000)
            sb_text(&text, "€");
        err_fail(&err, CMIG_ERR_SQL, "%s", sb_done(&text));
        err_hint(&err, "%s", sb_done(&text));
        err_while(&err, "%s", sb_done(&text));
        err_at(&err, sb_done(&text), 1, 1);
        assert_int_equal(utf8_valid(err.message, strlen(err.message)), strlen(err.message));
        assert_int_equal(utf8_valid(err.hint, strlen(err.hint)), strlen(err.hint));
        assert_int_equal(utf8_valid(err.file, strlen(err.file)), strlen(err.file));
        assert_string_equal(err.message + strlen(err.message) - 3, "...");
        assert_string_equal(err.hint + strlen(err.hint) - 3, "...");
    }
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, status_cases, status);
    ADD_TEST(&suite, "every code has a meaning in words", meanings);
    ADD_TEST(&suite, "filling an error forgets what it held", fill);
    ADD_TEST(&suite, "hint, place and prefix add to an error", add);
    ADD_TEST(&suite, "errno is told in words", number);
    ADD_ROWS(&suite, copy_cases, copy);
    ADD_TEST(&suite, "messages that are too long stay UTF-8 and end in dots", long_messages);
    return suite_run(&suite, "err");
}

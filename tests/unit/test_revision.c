/* Which texts may be a revision id or a branch label. */
#include "cases.h"
#include "history/revision.h"

static const struct IdCase {
    const char *name, *id, *message; /* no message: the id is good */
} id_cases[] = {
    {"twelve hex digits are an id", "88fb11965e20", NULL},
    {"one letter is an id", "a", NULL},
    {"a number is an id", "0001", NULL},
    {"a number with exponent is an id", "1e10", NULL},
    {"null is an id", "null", NULL},
    {"letters beyond ASCII are an id", "größe_日本", NULL},
    {"dots and underscores are allowed", "v1.2_3", NULL},
    {"words that only begin like reserved ones", "header", NULL},
    {"reserved words in capitals are ids", "HEAD", NULL},
    {"an empty text is no id", "", "empty"},
    {"head is a word of the target grammar", "head", "the word means something else"},
    {"heads too", "heads", "the word means something else"},
    {"base too", "base", "the word means something else"},
    {"current too", "current", "the word means something else"},
    {"a minus sign would be steps back", "a-1", "it holds \"-\""},
    {"a plus sign would be steps forward", "a+1", "it holds \"+\""},
    {"an at sign would be a branch", "a@b", "it holds \"@\""},
    {"a colon would be a range", "a:b", "it holds \":\""},
    {"a comma would be a list", "a,b", "it holds \",\""},
    {"a slash would be a path", "a/b", "it holds \"/\""},
    {"a space", "a b", "it holds \" \""},
    {"a quote", "a'b", "it holds \"'\""},
    {"a semicolon", "a;b", "it holds \";\""},
    {"a percent sign does not disturb the message", "a%sb", "\"a%sb\" cannot be a revision: it holds \"%\""},
};

static void id(void **state)
{
    const struct IdCase *c = *state;
    Err err;
    bool good = revision_id_check(c->id, "revision", &err);
    assert_true(good == (c->message == NULL));
    if (!good) {
        assert_holds(err.message, c->message);
        assert_int_equal(err.code, CMIG_ERR_REVISION);
        assert_true(err.hint[0] != '\0');
    }
}

static void lengths(void **state)
{
    char text[REVISION_ID_MAX + 2];
    Err err;
    (void)state;
    memset(text, 'a', sizeof text);
    text[REVISION_ID_MAX + 1] = '\0';
    assert_failed(revision_id_check(text, "branch label", &err), &err, "branch label of 129 characters", 0,
                  0);
    text[REVISION_ID_MAX] = '\0';
    assert_done(revision_id_check(text, "branch label", &err), &err);
}

/* A line end in a message would break the line that shows it. */
static void control_characters(void **state)
{
    Err err;
    (void)state;
    for (char c = 1; c < ' '; c++) {
        char text[] = {'a', c, 'b', '\0'};
        assert_false(revision_id_check(text, "revision", &err));
    }
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, id_cases, id);
    ADD_TEST(&suite, "128 characters are allowed and 129 are not", lengths);
    ADD_TEST(&suite, "no control character is allowed", control_characters);
    return suite_run(&suite, "revision");
}

/* The JSON writer: commas, nesting and escapes. */
#include <math.h>

#include "cases.h"
#include "base/json.h"

static const struct JsonCase {
    const char *name, *in, *out;
} text_cases[] = {
    {"a plain text", "abc", "\"abc\""},
    {"an empty text", "", "\"\""},
    {"no text is null", NULL, "null"},
    {"quotes and backslashes", "a\"b\\c", "\"a\\\"b\\\\c\""},
    {"line ends and tabs", "a\nb\tc", "\"a\\nb\\tc\""},
    {"other control characters", "\x01\x1f\r", "\"\\u0001\\u001f\\u000d\""},
    {"a slash stays", "a/b", "\"a/b\""},
    {"letters beyond ASCII stay", "größe 𝄞", "\"größe 𝄞\""},
};

static void text(void **state)
{
    SCRATCH(tmp);
    const struct JsonCase *c = *state;
    StrBuf out = {.arena = &tmp};
    Json json = {.out = &out};
    json_text(&json, NULL, c->in);
    assert_string_equal(sb_done(&out), c->out);
}

static const struct NumberCase {
    const char *name;
    double in;
    const char *out;
} number_cases[] = {
    {"a whole number has no decimals", 12, "12"},
    {"other numbers have three", -0.5, "-0.500"},
    {"a number beyond 64 bits", 1e20, "100000000000000000000"},
    {"NaN is null", NAN, "null"},
    {"infinity is null", -INFINITY, "null"},
};

static void number(void **state)
{
    SCRATCH(tmp);
    const struct NumberCase *c = *state;
    StrBuf out = {.arena = &tmp};
    Json json = {.out = &out};
    json_number(&json, NULL, c->in);
    assert_string_equal(sb_done(&out), c->out);
}

static void document(void **state)
{
    static const char *const list[] = {"x", "y\"", "z"};
    SCRATCH(tmp);
    (void)state;
    StrBuf out = {.arena = &tmp};
    Json json = {.out = &out};
    json_open(&json, NULL, '[');
    json_open(&json, NULL, '{');
    json_text(&json, "a\"", "1");
    json_bool(&json, "yes", true);
    json_bool(&json, "no", false);
    json_null(&json, "none");
    json_texts(&json, "list", list, 3);
    json_texts(&json, "empty", list, 0);
    json_open(&json, "inner", '{');
    json_close(&json, '}');
    json_text(&json, "last", NULL);
    json_close(&json, '}');
    json_open(&json, NULL, '{');
    json_close(&json, '}');
    json_null(&json, NULL);
    json_close(&json, ']');
    assert_string_equal(sb_done(&out),
                        "[{\"a\\\"\":\"1\",\"yes\":true,\"no\":false,\"none\":null,"
                        "\"list\":[\"x\",\"y\\\"\",\"z\"],\"empty\":[],\"inner\":{},\"last\":null},"
                        "{},null]");
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, text_cases, text);
    ADD_ROWS(&suite, number_cases, number);
    ADD_TEST(&suite, "a nested document has its commas in the right places", document);
    return suite_run(&suite, "json");
}

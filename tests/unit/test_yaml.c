/* Header YAML: every scalar is text, the structure is flat, and what is written reads back. */
#include "cases.h"
#include "files/yaml.h"

/* "key=value|value" for each pair; "[...]" around a list, "(none)" for nothing. */
static const char *pairs_text(Arena *arena, const YamlPairVec *pairs)
{
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < pairs->len; i++) {
        const YamlPair *pair = &pairs->items[i];
        sb_printf(&out, "%s%s=%s", i ? "; " : "", pair->key, pair->list ? "[" : "");
        for (size_t k = 0; k < pair->values.len; k++)
            sb_printf(&out, "%s%s", k ? "|" : "", pair->values.items[k]);
        sb_printf(&out, "%s%s", pair->list ? "]" : "", pair->none ? "(none)" : "");
    }
    return sb_done(&out);
}

static const struct ReadCase {
    const char *name, *in, *out;
} read_cases[] = {
    {"a plain text", "a: b", "a=b"},
    {"several pairs", "a: b\nc: d e f\n", "a=b; c=d e f"},
    {"a number is text", "a: 0123", "a=0123"},
    {"an exponent is text", "a: 1e10", "a=1e10"},
    {"yes and true are texts", "a: yes\nb: true", "a=yes; b=true"},
    {"a date is text", "a: 2026-11-20 12:00:00+00:00", "a=2026-11-20 12:00:00+00:00"},
    {"nothing", "a:", "a=(none)"},
    {"a tilde", "a: ~", "a=~(none)"},
    {"null", "a: null", "a=null(none)"},
    {"quoted null is text", "a: \"null\"\nb: 'null'", "a=null; b=null"},
    {"a quoted tilde is text", "a: '~'", "a=~"},
    {"a quoted empty text is text", "a: ''", "a="},
    {"Null in capitals is text", "a: NULL\nb: Null", "a=NULL; b=Null"},
    {"a list in brackets", "a: [b, c]", "a=[b|c]"},
    {"a list in lines", "a:\n- b\n- c\n", "a=[b|c]"},
    {"a list in indented lines", "a:\n  - b\n  - c\n", "a=[b|c]"},
    {"an empty list", "a: []", "a=[]"},
    {"a list of one", "a: [b]", "a=[b]"},
    {"single quotes", "a: 'it''s: #1'", "a=it's: #1"},
    {"double quotes with escapes", "a: \"\\u00e4\\n\\\"\\\\\"", "a=ä\n\"\\"},
    {"a comment behind a value", "a: b # c", "a=b"},
    {"a sharp sign inside of a word", "a: b#c", "a=b#c"},
    {"a colon inside of a word", "a: b:c", "a=b:c"},
    {"letters beyond ASCII", "größe: 日本", "größe=日本"},
    {"a text over two lines", "a: b\n  c\n", "a=b c"},
    {"a block of text", "a: |\n  b\n  c\n", "a=b\nc\n"},
    {"an empty document", "", ""},
    {"comments only", "# a\n", ""},
    {"CRLF line ends", "a: b\r\nc: d\r\n", "a=b; c=d"},
};

static void reads(void **state)
{
    SCRATCH(tmp);
    const struct ReadCase *c = *state;
    YamlPairVec pairs = {0};
    Err err;
    assert_done(yaml_read(&tmp, str_of(c->in), &pairs, &err), &err);
    assert_string_equal(pairs_text(&tmp, &pairs), c->out);
}

static const struct RefuseCase {
    const char *name, *in, *message;
    int line, column;
} refuse_cases[] = {
    {"a key twice", "a: b\nc: d\na: e", "the key \"a\" is there twice", 3, 1},
    {"an anchor", "a: &x b", "anchors", 1, 4},
    {"an alias", "a: b\nc: *x", "anchors", 2, 4},
    {"an anchored list", "a: &x [b]", "anchors", 1, 4},
    {"a tag", "a: !!str b", "tags", 1, 4},
    {"a tagged list", "a: !x [b]", "tags", 1, 4},
    {"a nested mapping", "a:\n  b: c", "the value of \"a\" is nested", 2, 3},
    {"a mapping in braces", "a: {b: c}", "the value of \"a\" is nested", 1, 4},
    {"a list in a list", "a: [b, [c]]", "the value of \"a\" is nested", 1, 8},
    {"a mapping in a list", "a:\n- b: c", "the value of \"a\" is nested", 2, 3},
    {"a list as key", "[a]: b", "a key is a list", 1, 1},
    {"a text instead of pairs", "abc", "not a list of `key: value`", 1, 1},
    {"a list instead of pairs", "- a", "not a list of `key: value`", 1, 1},
    {"a second document", "a: b\n---\nc: d", "second YAML document", 2, 1},
    {"a value with a colon and a space", "a: b: c", "not YAML", 1, 5},
    {"a quote that is not closed", "a: \"b", "not YAML", 1, 4},
    {"a list that is not closed", "a: [b\nc: d", "not YAML", 2, 1},
    {"a tab before a key", "a: b\n\tc: d", "not YAML", 2, 1},
    {"a NUL byte by its escape", "a: \"b\\0c\"", "NUL byte", 1, 4},
};

static void refuses(void **state)
{
    SCRATCH(tmp);
    const struct RefuseCase *c = *state;
    YamlPairVec pairs = {0};
    Err err;
    bool done = yaml_read(&tmp, str_of(c->in), &pairs, &err);
    assert_false(done);
    assert_holds(err.message, c->message);
    assert_int_equal(err.line, c->line);
    if (strcmp(c->message, "not YAML") != 0) /* libyaml's own idea of where */
        assert_int_equal(err.column, c->column);
    assert_true(err.hint[0] != '\0');
    assert_int_equal(pairs.len, 0);
}

static void places(void **state)
{
    SCRATCH(tmp);
    YamlPairVec pairs = {0};
    Err err;
    (void)state;
    assert_done(yaml_read(&tmp, STR("a: b\n\n# c\n  \nd: e"), &pairs, &err), &err);
    assert_int_equal(pairs.items[0].line, 1);
    assert_int_equal(pairs.items[1].line, 5);
    assert_int_equal(pairs.items[1].column, 1);
}

static const struct WriteCase {
    const char *name, *text, *written; /* written: NULL where only the way back matters */
} write_cases[] = {
    {"a plain text is written plain", "add users table", "add users table"},
    {"an id of digits is written plain", "1234567890", "1234567890"},
    {"an empty text is quoted", "", "\"\""},
    {"null is quoted", "null", "\"null\""},
    {"a tilde is quoted", "~", "\"~\""},
    {"a colon is quoted", "fix: this", "\"fix: this\""},
    {"a sharp sign is quoted", "fix #12", "\"fix #12\""},
    {"quotes are escaped", "say \"x\" and 'y'", NULL},
    {"a backslash is escaped", "a\\b", NULL},
    {"a leading minus sign is quoted", "- a", NULL},
    {"a leading sign of YAML is quoted", "*a", NULL},
    {"a leading bracket is quoted", "[a]", NULL},
    {"a leading per cent sign is quoted", "%a", NULL},
    {"a trailing colon is quoted", "a:", NULL},
    {"spaces at both ends are kept", " a ", NULL},
    {"a line end is escaped", "a\nb", NULL},
    {"a tab and a carriage return are escaped", "a\tb\rc", NULL},
    {"other control characters are escaped",
     "a\x01\x1b"
     "b",
     NULL},
    {"the delete character",
     "a\x7f"
     "b",
     NULL},
    {"letters beyond ASCII", "größe 日本 𝄞", NULL},
    {"a next-line character",
     "a\xC2\x85"
     "b",
     NULL},
    {"a control character beyond ASCII",
     "a\xC2\x91"
     "b",
     NULL},
    {"a line separator", "a\u2028b", NULL},
    {"a no-break space", "a\u00a0b", NULL},
    {"a byte order mark inside", "a\ufeffb", NULL},
    {"a character that is none", "a\uffffb", NULL},
    {"three minus signs", "---", NULL},
    {"three dots", "...", NULL},
    {"a placeholder", "${revision}", NULL},
    {"a comma", "a, b", NULL},
};

static void writes(void **state)
{
    SCRATCH(tmp);
    const struct WriteCase *c = *state;
    StrBuf out = {.arena = &tmp};
    YamlPairVec pairs = {0};
    Err err;
    sb_text(&out, "a: ");
    yaml_write(&out, c->text);
    if (c->written)
        assert_string_equal(sb_done(&out) + 3, c->written);
    assert_null(strchr(sb_done(&out), '\n'));
    sb_char(&out, '\n');
    assert_done(yaml_read(&tmp, (Str){out.data, out.len}, &pairs, &err), &err);
    assert_int_equal(pairs.len, 1);
    assert_int_equal(pairs.items[0].values.len, 1);
    assert_false(pairs.items[0].none);
    assert_string_equal(pairs.items[0].values.items[0], c->text);
}

/* Also as one of a list in brackets. */
static void writes_in_list(void **state)
{
    SCRATCH(tmp);
    const struct WriteCase *c = *state;
    StrBuf out = {.arena = &tmp};
    YamlPairVec pairs = {0};
    Err err;
    sb_text(&out, "a: [x, ");
    yaml_write(&out, c->text);
    sb_text(&out, ", y]\n");
    assert_done(yaml_read(&tmp, (Str){out.data, out.len}, &pairs, &err), &err);
    assert_int_equal(pairs.items[0].values.len, 3);
    assert_string_equal(pairs.items[0].values.items[1], c->text);
}

static const struct WriteCase list_cases[] = {
    {"a plain text in a list", "add users table", NULL},
    {"a comma in a list", "a, b", NULL},
    {"brackets in a list", "a] b [c", NULL},
    {"braces in a list", "a} b {c", NULL},
    {"an empty text in a list", "", NULL},
};

static void writes_long(void **state)
{
    SCRATCH(tmp);
    StrBuf text = {.arena = &tmp}, out = {.arena = &tmp};
    YamlPairVec pairs = {0};
    Err err;
    (void)state;
    for (int i = 0; i < 3000; i++)
        sb_printf(&text, "word: %d ", i);
    sb_text(&out, "a: ");
    yaml_write(&out, sb_done(&text));
    assert_done(yaml_read(&tmp, (Str){out.data, out.len}, &pairs, &err), &err);
    assert_string_equal(pairs.items[0].values.items[0], sb_done(&text));
}

/* Header lines from few pieces, most of which mean something to YAML somewhere. */
static const char *random_header(Arena *arena, uint64_t *seed)
{
    static const char *const pieces[] = {
        "a",     "key",   "null",   "~",   "1e3", "é",   " ",   "  ",      ": ", ":",  ",",
        ", ",    "[",     "]",      "\"",  "'",   "-",   "- ",  "#",       " #", "&",  "*",
        "!",     "|",     ">",      "%",   "@",   "`",   "{",   "}",       "?",  "\\", "\n",
        "\na: ", "\nb: ", "\nc: [", "]\n", "\t",  "---", "...", "12:00:00"};
    StrBuf text = {.arena = arena};
    sb_text(&text, "x: ");
    for (int i = 0; i < 12; i++) {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        sb_text(&text, pieces[*seed % COUNT(pieces)]);
        if (*seed >> 60 == 0)
            break;
    }
    sb_char(&text, '\n');
    return sb_done(&text);
}

/* What the quick way reads, libyaml reads the same. */
static void simple_as_any(void **state)
{
    uint64_t seed = 88172645463325252U;
    size_t simple = 0;
    (void)state;
    for (int round = 0; round < 200000; round++) {
        SCRATCH(tmp);
        YamlPairVec quick = {0}, whole = {0};
        Err err;
        Str text = str_of(random_header(&tmp, &seed));
        if (!yaml_read_simple(&tmp, text, &quick))
            continue;
        simple++;
        if (!yaml_read_any(&tmp, text, &whole, &err))
            print_error("libyaml refuses: %s", text.data);
        assert_done(yaml_read_any(&tmp, text, &whole, &err), &err);
        assert_string_equal(pairs_text(&tmp, &quick), pairs_text(&tmp, &whole));
        for (size_t i = 0; i < quick.len; i++)
            assert_true(quick.items[i].line == whole.items[i].line &&
                        quick.items[i].column == whole.items[i].column);
    }
    assert_true(simple > 1000);
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, read_cases, reads);
    ADD_ROWS(&suite, refuse_cases, refuses);
    ADD_TEST(&suite, "a pair knows its line and column", places);
    ADD_ROWS(&suite, write_cases, writes);
    ADD_ROWS(&suite, list_cases, writes_in_list);
    ADD_TEST(&suite, "simple headers are read as libyaml reads them", simple_as_any);
    ADD_TEST(&suite, "a very long text is written and read back", writes_long);
    return suite_run(&suite, "yaml");
}

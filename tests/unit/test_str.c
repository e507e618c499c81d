/* Text in flight: slices, UTF-8, places, the nearest name, and the buffer that quotes for SQL. */
#include <float.h>
#include <math.h>

#include "cases.h"
#include "base/enumtab.h"

static const struct CutCase {
    const char *name, *in;
    char sep;
    const char *head, *tail;
    bool found;
} cut_cases[] = {
    {"cut splits at the first separator", "a@b@c", '@', "a", "b@c", true},
    {"cut leaves an empty head", "@heads", '@', "", "heads", true},
    {"cut leaves an empty tail", "a@", '@', "a", "", true},
    {"cut without the separator gives all as head", "abc", '@', "abc", "", false},
    {"cut of an empty text", "", '@', "", "", false},
};

static void cut(void **state)
{
    const struct CutCase *c = *state;
    StrCut got = str_cut(str_of(c->in), c->sep);
    assert_str(got.head, c->head);
    assert_str(got.tail, c->tail);
    assert_true(got.found == c->found);
}

static const struct TrimCase {
    const char *name, *in, *out;
} trim_cases[] = {
    {"trim takes spaces, tabs and line ends on both sides", " \t\r\n a b \n\v\f", "a b"},
    {"trim leaves an empty text of spaces only", " \n ", ""},
    {"trim of an empty text", "", ""},
    {"trim leaves what needs none", "a", "a"},
    {"trim leaves spaces that are not ASCII", "\u00a0a", "\u00a0a"},
};

static void trim(void **state)
{
    const struct TrimCase *c = *state;
    assert_str(str_trim(str_of(c->in)), c->out);
}

static const struct PairCase {
    const char *name, *a, *b;
    bool equal, folded, starts;
} pair_cases[] = {
    {"equal texts", "abc", "abc", true, true, true},
    {"texts that differ by case", "aBc", "AbC", false, true, false},
    {"a longer text starts with the shorter", "abcd", "abc", false, false, true},
    {"a shorter text does not start with the longer", "ab", "abc", false, false, false},
    {"every text starts with the empty one", "a", "", false, false, true},
    {"two empty texts", "", "", true, true, true},
    {"letters beyond ASCII are not folded", "Ä", "ä", false, false, false},
    {"signs 32 apart are no letters of another case", "[a", "{a", false, false, false},
};

static void compare(void **state)
{
    const struct PairCase *c = *state;
    assert_true(str_eq(str_of(c->a), str_of(c->b)) == c->equal);
    assert_true(str_eq_fold(str_of(c->a), str_of(c->b)) == c->folded);
    assert_true(str_starts(str_of(c->a), str_of(c->b)) == c->starts);
}

static const struct SizeCase {
    const char *name, *in;
    bool good;
    size_t value;
} size_cases[] = {
    {"zero is a number", "0", true, 0},
    {"zeros in front are allowed", "0042", true, 42},
    {"the largest number there is", "18446744073709551615", true, SIZE_MAX},
    {"one more than the largest", "18446744073709551616", false, 0},
    {"many more than the largest", "99999999999999999999999", false, 0},
    {"no digits", "", false, 0},
    {"a sign", "-1", false, 0},
    {"a plus sign", "+1", false, 0},
    {"a space", " 1", false, 0},
    {"digits and a letter", "12a", false, 0},
};

static void to_size(void **state)
{
    const struct SizeCase *c = *state;
    size_t got = 7;
    assert_true(str_to_size(str_of(c->in), &got) == c->good);
    assert_int_equal(got, c->good ? c->value : 7); /* untouched on failure */
}

static void characters(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        bool letter = (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z');
        assert_true(is_space(c) == (i == 32 || (i >= 9 && i <= 13)));
        assert_true(is_digit(c) == (i >= '0' && i <= '9'));
        assert_true(is_word(c) == (letter || is_digit(c) || i == '_' || i > 127));
        assert_int_equal((unsigned char)to_lower(c), i >= 'A' && i <= 'Z' ? i + 32 : i);
    }
}

static const struct Utf8Case {
    const char *name, *in;
    size_t len, good;
} utf8_cases[] = {
    {"plain ASCII", "abc", 3, 3},
    {"an empty text is good", "", 0, 0},
    {"two, three and four bytes", "é€𝄞", 9, 9},
    {"a NUL byte", "ab\0c", 4, 2},
    {"a NUL byte behind sixteen good ones", "0123456789abcdef\0", 17, 16},
    {"a bad byte behind fifteen good ones", "0123456789abcde\xFF", 16, 15},
    {"Latin-1", "caf\xE9 x", 6, 3},
    {"a continuation byte alone", "a\x80", 2, 1},
    {"a sequence that is cut", "a\xE2\x82", 3, 1},
    {"a four-byte sequence that is cut", "\xF0\x9D\x84", 3, 0},
    {"an overlong slash of two bytes", "\xC0\xAF", 2, 0},
    {"an overlong slash of three bytes", "\xE0\x80\xAF", 3, 0},
    {"an overlong sequence of four bytes", "\xF0\x80\x80\xAF", 4, 0},
    {"the smallest of three bytes", "\xE0\xA0\x80", 3, 3},
    {"a surrogate", "\xED\xA0\x80", 3, 0},
    {"the last before the surrogates", "\xED\x9F\xBF", 3, 3},
    {"the largest code point", "\xF4\x8F\xBF\xBF", 4, 4},
    {"beyond the largest code point", "\xF4\x90\x80\x80", 4, 0},
    {"bytes that UTF-8 never has", "\xF8\x88\x80\x80\x80", 5, 0},
    {"a byte order mark is a character",
     "\xEF\xBB\xBF"
     "a",
     4, 4},
};

static void utf8(void **state)
{
    const struct Utf8Case *c = *state;
    assert_int_equal(utf8_valid(c->in, c->len), c->good);
}

/* Bad bytes are found at each distance from the eight that are looked at together. */
static void utf8_everywhere(void **state)
{
    (void)state;
    for (size_t at = 0; at < 40; at++) {
        char text[40];
        memset(text, 'x', sizeof text);
        text[at] = '\0';
        assert_int_equal(utf8_valid(text, sizeof text), at);
        text[at] = (char)0x80;
        assert_int_equal(utf8_valid(text, sizeof text), at);
        text[at] = '\x01';
        assert_int_equal(utf8_valid(text, sizeof text), sizeof text);
    }
}

static void utf8_counts(void **state)
{
    (void)state;
    assert_int_equal(utf8_count("", 0), 0);
    assert_int_equal(utf8_count("abc", 3), 3);
    assert_int_equal(utf8_count("äöü€𝄞", 13), 5);
}

static const struct PlaceCase {
    const char *name, *in;
    size_t at;
    int line, column;
} place_cases[] = {
    {"the first byte is at 1:1", "abc", 0, 1, 1},
    {"columns count from one", "abc", 2, 1, 3},
    {"behind a line end begins a line", "ab\ncd", 3, 2, 1},
    {"a line end is the last column of its line", "ab\ncd", 2, 1, 3},
    {"columns count characters", "äö\näöü", 9, 2, 3},
    {"the end of the text", "a\nb", 3, 2, 2},
    {"behind the last line end", "a\n", 2, 2, 1},
    {"an empty text", "", 0, 1, 1},
};

static void place(void **state)
{
    const struct PlaceCase *c = *state;
    int line, column;
    text_place(str_of(c->in), c->at, &line, &column);
    assert_int_equal(line, c->line);
    assert_int_equal(column, c->column);
}

static const struct NearCase {
    const char *name, *in, *nearest;
} near_cases[] = {
    {"a letter that is wrong", "upgrede", "upgrade"},
    {"a letter too many", "upgraade", "upgrade"},
    {"a letter missing", "dowgrade", "downgrade"},
    {"two letters swapped", "pugrade", "upgrade"},
    {"another case", "UPGRADE", "upgrade"},
    {"a minus sign for an underscore", "depends-on", "depends_on"},
    {"the name itself", "down_revision", "down_revision"},
    {"another word", "frobnicate", NULL},
    {"a name that is longer than any", "a_name_of_so_many_letters_that_no_setting_has_it", NULL},
};

static void nearest(void **state)
{
    static const char *const known[] = {"upgrade", "downgrade", "depends_on", "down_revision"};
    const struct NearCase *c = *state;
    const char *got = text_nearest(c->in, known, COUNT(known));
    if (c->nearest && got)
        assert_string_equal(got, c->nearest);
    else
        assert_true((got == NULL) == (c->nearest == NULL));
}

static void nearest_of_none(void **state)
{
    (void)state;
    assert_null(text_nearest("a", NULL, 0));
}

static const struct QuoteCase {
    const char *name, *in, *ident, *literal, *shell;
} quote_cases[] = {
    {"a plain name or value is quoted", "users", "\"users\"", "'users'", "users"},
    {"an empty one", "", "\"\"", "''", "''"},
    {"a single quote is doubled in values", "it's", "\"it's\"", "'it''s'", "'it'\\''s'"},
    {"a double quote is doubled in names", "a\"b", "\"a\"\"b\"", "'a\"b'", "'a\"b'"},
    {"a backslash makes a value an escape string", "a\\b'c", "\"a\\b'c\"", " E'a\\\\b''c'", "'a\\b'\\''c'"},
    {"semicolons and line ends stay", "a;\nb", "\"a;\nb\"", "'a;\nb'", "'a;\nb'"},
    {"letters beyond ASCII stay", "größe", "\"größe\"", "'größe'", "'größe'"},
};

static void quote(void **state)
{
    SCRATCH(tmp);
    const struct QuoteCase *c = *state;
    StrBuf ident = {.arena = &tmp}, literal = {.arena = &tmp};
    sb_ident(&ident, c->in);
    sb_literal(&literal, c->in);
    assert_string_equal(sb_done(&ident), c->ident);
    assert_string_equal(sb_done(&literal), c->literal);
    assert_string_equal(text_shell(&tmp, c->in), c->shell);
}

static const struct DecimalCase {
    const char *name;
    double value;
    int decimals;
    const char *text;
} decimal_cases[] = {
    {"nothing", 0, 0, "0"},
    {"nothing with decimals", 0, 3, "0.000"},
    {"a whole number", 1795000000, 0, "1795000000"},
    {"zeros behind the point", 1.002, 3, "1.002"},
    {"less than one", 0.05, 3, "0.050"},
    {"rounded up to the next whole", 0.9996, 3, "1.000"},
    {"below zero", -12.5, 1, "-12.5"},
    {"seconds since 1970", 1795000000.123456, 6, "1795000000.123456"},
    {"the largest that is read", 999999999999999, 3, "999999999999999.000"},
};

static void decimal(void **state)
{
    SCRATCH(tmp);
    const struct DecimalCase *c = *state;
    StrBuf out = {.arena = &tmp};
    sb_decimal(&out, c->value, c->decimals);
    assert_string_equal(sb_done(&out), c->text);
    assert_true(fabs(str_to_decimal(c->text) - c->value) < 0.001);
}

/* Numbers come from servers too: a large one was written as signs like "-(" once, and so into SQL. */
static void large_decimal(void **state)
{
    (void)state;
    SCRATCH(tmp);
    StrBuf out = {.arena = &tmp};
    sb_decimal(&out, -1e20, 3);
    assert_string_equal(sb_done(&out), "-100000000000000000000.000");
    out.len = 0;
    sb_decimal(&out, DBL_MAX, 0);
    assert_int_equal(out.len, 309);
    assert_true(strtod(sb_done(&out), NULL) == DBL_MAX);
}

static const struct NoDecimalCase {
    const char *name, *text;
} no_decimal_cases[] = {
    {"an exponent is not read", "1e-05"},
    {"nor is a number of sixteen digits", "1000000000000000"},
    {"nor one of 400 digits",
     "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
     "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
     "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
     "9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"},
    {"nor infinity", "-Infinity"},
    {"nor a number with something after it", "12 ms"},
};

static void no_decimal(void **state)
{
    const struct NoDecimalCase *c = *state;
    assert_true(str_to_decimal(c->text) == 0);
}

static void buffer(void **state)
{
    SCRATCH(tmp);
    (void)state;
    StrBuf out = {.arena = &tmp};
    assert_string_equal(sb_done(&out), "");
    sb_text(&out, "");
    sb_printf(&out, "%s", "");
    assert_string_equal(sb_done(&out), "");
    sb_add(&out, STR("a"));
    sb_char(&out, 'b');
    sb_printf(&out, "%d-%s", 12, "c");
    assert_string_equal(sb_done(&out), "ab12-c");
    assert_int_equal(out.len, 6);
}

static void buffer_grows(void **state)
{
    SCRATCH(tmp);
    (void)state;
    StrBuf out = {.arena = &tmp};
    for (int i = 0; i < 20000; i++)
        sb_printf(&out, "%05d", i);
    assert_int_equal(out.len, 100000);
    for (int i = 0; i < 20000; i += 777) {
        char expected[8];
        snprintf(expected, sizeof expected, "%05d", i);
        assert_memory_equal(out.data + (size_t)i * 5, expected, 5);
    }
    assert_int_equal(out.data[out.len], '\0');
}

static void in_list(void **state)
{
    SCRATCH(tmp);
    (void)state;
    TextVec texts = {0};
    assert_false(text_in(&texts, "a"));
    vec_push(&tmp, &texts, "ab");
    vec_push(&tmp, &texts, "");
    assert_true(text_in(&texts, ""));
    assert_true(text_in(&texts, "ab"));
    assert_false(text_in(&texts, "a"));
}

#define COLORS(X) X(COLOR_AUTO, "auto") X(COLOR_ALWAYS, "always") X(COLOR_NEVER, "never")
ENUM(Color, COLORS);
ENUM_TABLE(Color, COLORS);

static void enum_names(void **state)
{
    int value = -1;
    (void)state;
    assert_int_equal(Color_tab.count, 3);
    assert_string_equal(Color_tab.names[COLOR_ALWAYS], "always");
    assert_true(enum_parse(&Color_tab, "never", &value));
    assert_int_equal(value, COLOR_NEVER);
    value = -1;
    assert_false(enum_parse(&Color_tab, "nev", &value));
    assert_false(enum_parse(&Color_tab, "", &value));
    assert_int_equal(value, -1);
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, cut_cases, cut);
    ADD_ROWS(&suite, trim_cases, trim);
    ADD_ROWS(&suite, pair_cases, compare);
    ADD_ROWS(&suite, size_cases, to_size);
    ADD_TEST(&suite, "every byte is of the class it should be", characters);
    ADD_ROWS(&suite, utf8_cases, utf8);
    ADD_TEST(&suite, "bad bytes are found wherever they stand", utf8_everywhere);
    ADD_TEST(&suite, "characters are counted, not bytes", utf8_counts);
    ADD_ROWS(&suite, place_cases, place);
    ADD_ROWS(&suite, near_cases, nearest);
    ADD_TEST(&suite, "nothing is near where there are no candidates", nearest_of_none);
    ADD_ROWS(&suite, quote_cases, quote);
    ADD_ROWS(&suite, decimal_cases, decimal);
    ADD_TEST(&suite, "large numbers are written in digits", large_decimal);
    ADD_ROWS(&suite, no_decimal_cases, no_decimal);
    ADD_TEST(&suite, "a buffer holds what was added, in order", buffer);
    ADD_TEST(&suite, "a buffer grows and keeps what it holds", buffer_grows);
    ADD_TEST(&suite, "a list of texts knows its members", in_list);
    ADD_TEST(&suite, "an enum table gives names and parses them", enum_names);
    return suite_run(&suite, "str");
}

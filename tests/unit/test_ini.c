/* Ini files: keys, continuation lines, long values, and what is refused, read as Python's ConfigParser does.
 */
#include "cases.h"
#include "files/ini.h"

/* "[section]key=value@line" for each entry, line ends as "/". */
static const char *entries_text(Arena *arena, const IniEntryVec *entries)
{
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < entries->len; i++) {
        const IniEntry *e = &entries->items[i];
        sb_printf(&out, "%s[%s]%s=", i ? " " : "", e->section, e->key);
        for (const char *c = e->value; *c; c++)
            sb_char(&out, *c == '\n' ? '/' : *c);
        sb_printf(&out, "@%d", e->line);
    }
    return sb_done(&out);
}

static const struct ReadCase {
    const char *name, *in, *out;
} read_cases[] = {
    {"an empty file", "", ""},
    {"a section and a key", "[cmig]\na = b\n", "[cmig]a=b@2"},
    {"no line end at the end", "[cmig]\na = b", "[cmig]a=b@2"},
    {"no spaces around the sign", "[cmig]\na=b\n", "[cmig]a=b@2"},
    {"a colon as sign", "[cmig]\na: b\n", "[cmig]a=b@2"},
    {"the first sign counts", "[cmig]\na = b=c:d\n", "[cmig]a=b=c:d@2"},
    {"an empty value", "[cmig]\na =\nb = c\n", "[cmig]a=@2 [cmig]b=c@3"},
    {"keys are in lower case, sections and values are not", "[Cmig]\nAbC = DeF\n", "[Cmig]abc=DeF@2"},
    {"comment lines and empty lines", "# a\n; b\n\n[cmig]\n  # c\na = b\n ; d\n", "[cmig]a=b@6"},
    {"a semicolon in a value is no comment", "[cmig]\na = b ; c\n", "[cmig]a=b ; c@2"},
    {"a sharp sign in a value is no comment", "[cmig]\na = b # c\n", "[cmig]a=b # c@2"},
    {"a value that begins with a semicolon", "[cmig]\na = ;b\n", "[cmig]a=;b@2"},
    {"quotes are part of the value", "[cmig]\na = \"b\"\n", "[cmig]a=\"b\"@2"},
    {"spaces inside of a value stay", "[cmig]\na = b  \t c  \n", "[cmig]a=b  \t c@2"},
    {"a key with a space or dot", "[cmig]\nsqlalchemy.url = x\na b = c\n",
     "[cmig]sqlalchemy.url=x@2 [cmig]a b=c@3"},
    {"an indented line goes on with the value", "[cmig]\na = b\n    c\n\td\ne = f\n",
     "[cmig]a=b/c/d@2 [cmig]e=f@5"},
    {"a value that begins on the next line", "[cmig]\na =\n  b\n  c\n", "[cmig]a=/b/c@2"},
    {"a comment inside of a value", "[cmig]\na = b\n  # no\n  c\n", "[cmig]a=b/c@2"},
    {"a continued line may hold a sign", "[cmig]\na = b\n  c = d\n", "[cmig]a=b/c = d@2"},
    {"two sections", "[a]\nx = 1\n[b]\nx = 2\n", "[a]x=1@2 [b]x=2@4"},
    {"a section without keys", "[a]\n[b]\nx = 2\n", "[b]x=2@3"},
    {"spaces around a section", "[a] \nx = 1\n", "[a]x=1@2"},
    {"a comment behind a section", "[a] ; the first\nx = 1\n", "[a]x=1@2"},
    {"an indented key after its section is a key", "[a]\nx = 1\n[b]\n  y = 2\n", "[a]x=1@2 [b]y=2@4"},
    {"indented keys of a section are keys", "[a]\n  x = 1\n  y = 2\n    z\n", "[a]x=1@2 [a]y=2/z@3"},
    {"CRLF line ends", "[cmig]\r\na = b\r\n  c\r\n", "[cmig]a=b/c@2"},
    {"a byte order mark", "\xEF\xBB\xBF[cmig]\na = b\n", "[cmig]a=b@2"},
    {"letters beyond ASCII", "[cmig]\ngröße = 日本\n", "[cmig]größe=日本@2"},
    {"percent signs, dollars and backslashes are raw", "[cmig]\na = %(here)s/%%x/${B}\\n\n",
     "[cmig]a=%(here)s/%%x/${B}\\n@2"},
    {"control characters in a value",
     "[cmig]\na = b\x01v\x02"
     "c\n",
     "[cmig]a=b\x01v\x02"
     "c@2"},
    {"a key before any section", "a = b\n", "[]a=b@1"},
};

static void reads(void **state)
{
    SCRATCH(tmp);
    const struct ReadCase *c = *state;
    IniEntryVec entries = {0};
    Err err;
    assert_done(ini_read(&tmp, "x.ini", str_of(c->in), &entries, &err), &err);
    assert_string_equal(entries_text(&tmp, &entries), c->out);
}

static const struct RefuseCase {
    const char *name, *in, *message;
    int line;
} refuse_cases[] = {
    {"a key twice in a section", "[a]\nx = 1\ny = 2\nX = 3\n", "the key \"x\" is set twice in [a]", 4},
    {"a line that is neither section nor key", "[a]\nx = 1\nwhat\n", "neither a [section] nor", 3},
    {"a sign without a key", "[a]\n= 1\n", "neither a [section] nor", 2},
    {"a section that is not closed", "[a\nx = 1\n", "a section that is not closed", 1},
    {"an indented line with nothing before it", "  what\n[a]\n", "", 1},
    {"a name of more than 48 characters", "[a]\n1234567890123456789012345678901234567890123456789 = 1\n",
     "a name of over 48 characters", 2},
    {"a section of more than 48 characters", "[12345678901234567890123456789012345678901234567890]\n",
     "a name of over 48 characters", 1},
    {"bytes that are not UTF-8", "[a]\nx = caf\xE9\n", "not UTF-8", 2},
};

static void refuses(void **state)
{
    SCRATCH(tmp);
    const struct RefuseCase *c = *state;
    IniEntryVec entries = {0};
    Err err;
    assert_false(ini_read(&tmp, "x.ini", str_of(c->in), &entries, &err));
    assert_holds(err.message, c->message);
    assert_int_equal(err.code, CMIG_ERR_CONFIG);
    assert_string_equal(err.file, "x.ini");
    assert_int_equal(err.line, c->line);
    assert_true(err.hint[0] != '\0');
}

static void nul_byte(void **state)
{
    SCRATCH(tmp);
    IniEntryVec entries = {0};
    Err err;
    (void)state;
    assert_failed(ini_read(&tmp, "x.ini", (Str){"[a]\nx = 1\0 2\n", 13}, &entries, &err), &err, "NUL byte", 2,
                  6);
}

/* Around each length at which a buffer somewhere could end. */
static void long_values(void **state)
{
    (void)state;
    for (size_t len = 1; len < 20000; len += len < 700 ? 1 : 977) {
        SCRATCH(tmp);
        StrBuf value = {.arena = &tmp};
        IniEntryVec entries = {0};
        Err err;
        while (value.len < len)
            sb_char(&value, value.len % 7 == 3 && value.len + 1 < len ? " ;#=:\t["[value.len / 7 % 7] : 'x');
        const char *text = arena_printf(&tmp, "[cmig]\na = %s\nb = 2\n", sb_done(&value));
        assert_done(ini_read(&tmp, "x.ini", str_of(text), &entries, &err), &err);
        assert_int_equal(entries.len, 2);
        assert_string_equal(entries.items[0].value, sb_done(&value));
        assert_string_equal(entries.items[1].value, "2");
        assert_int_equal(entries.items[1].line, 3);
    }
}

static void long_continued_lines(void **state)
{
    SCRATCH(tmp);
    StrBuf text = {.arena = &tmp}, expected = {.arena = &tmp};
    IniEntryVec entries = {0};
    Err err;
    (void)state;
    sb_text(&text, "[cmig]\na = b\n");
    sb_char(&expected, 'b');
    for (int i = 0; i < 20; i++) {
        sb_printf(&text, "  %0*d ; x\n", 100 + i * 20, i);
        sb_printf(&expected, "\n%0*d ; x", 100 + i * 20, i);
    }
    assert_done(ini_read(&tmp, "x.ini", (Str){text.data, text.len}, &entries, &err), &err);
    assert_int_equal(entries.len, 1);
    assert_string_equal(entries.items[0].value, sb_done(&expected));
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, read_cases, reads);
    ADD_ROWS(&suite, refuse_cases, refuses);
    ADD_TEST(&suite, "a NUL byte is refused with its place", nul_byte);
    ADD_TEST(&suite, "values of every length up to 20000 bytes are whole", long_values);
    ADD_TEST(&suite, "long continued lines are whole", long_continued_lines);
    return suite_run(&suite, "ini");
}

/* Tokens and names: the same wherever the text is cut, and with what their quotes mean. */
#include "cases.h"
#include "sql/lex.h"
#include "sql/name.h"

typedef struct Lexed {
    const char *sql, *tokens; /* with a | behind each token */
    bool backslashes;
} Lexed;

static const Lexed lexed[] = {
    {"SELECT a,b FROM t;", "SELECT|a|,|b|FROM|t|;|", false},
    {"a/* b /* c */ d */e -- f\n g", "a|e|g|", false},
    {"'it''s' 'a\\' b", "'it''s'|'a\\'|b|", false},
    {"'a\\' b' c", "'a\\' b'|c|", true},
    {"E'a\\' b' e'' x'1' B'0' N'n' U&'u' u&\"n\" u & 'v'",
     "E'a\\' b'|e''|x'1'|B'0'|N'n'|U&'u'|u&\"n\"|u|&|'v'|", false},
    {"x'\\' n'\\''", "x'\\'|n'\\''|", true},
    {"E'a'\n'b\\'c' d", "E'a'|'b\\'c'|d|", false},
    {"E'a' 'b\\' d", "E'a'|'b\\'|d|", false},
    {"E'a'\r'b\\'c' d", "E'a'|'b\\'c'|d|", false},
    {"E'a' -- x\n'b\\'c' d", "E'a'|'b\\'c'|d|", false},
    {"E'a' /* x */\n'b\\' d", "E'a'|'b\\'|d|", false},
    {"\"a\"\"b\".\"c;\"", "\"a\"\"b\"|.|\"c;\"|", false},
    {"$$a;$b$ $$ $é$x$$é$ a$b$c $1 $2$$;$$", "$$a;$b$ $$|$é$x$$é$|a$b$c|$|1|$|2|$$;$$|", false},
    {"a<=-1 b--c\n+/*d*/*e::f", "a|<=-|1|b|+|*|e|::|f|", false},
    {"1.5e10 .5 1..2 1a$b$ 1$b$;$b$", "1.5e10|.|5|1..2|1a$b$|1|$b$;$b$|", false},
    {"-- a\rb", "b|", false},
    {"a 'never closed", "a|'never closed|", false},
    {"a /* never closed", "a|", false},
    {"", "", false},
};

static const char *tokens_whole(Arena *arena, const Lexed *row)
{
    StrBuf out = {.arena = arena};
    Str token;
    for (Tokens tokens = tokens_of((Sql){str_of(row->sql), row->backslashes}); token_next(&tokens, &token);) {
        sb_add(&out, token);
        sb_char(&out, '|');
    }
    return sb_done(&out);
}

/* The text comes in two parts, of which the first has cut bytes. */
static const char *tokens_cut(Arena *arena, const Lexed *row, size_t cut)
{
    StrBuf out = {.arena = arena};
    Lexer lexer = lex_start(row->backslashes);
    const size_t len = strlen(row->sql);
    for (bool last = cut == len;;) {
        const TokenKind kind = lex_next(&lexer, row->sql, last ? len : cut, last);
        if (kind == TOKEN_MORE) {
            assert_false(last);
            last = true;
        } else if (kind == TOKEN_COMMENT || kind == TOKEN_BLOCK_COMMENT) {
            continue;
        } else if (kind == TOKEN_END || (kind == TOKEN_UNCLOSED && lexer.state == LEX_COMMENT)) {
            return sb_done(&out);
        } else {
            sb_add(&out, (Str){row->sql + lexer.start, lexer.end - lexer.start});
            sb_char(&out, '|');
            if (kind == TOKEN_UNCLOSED)
                return sb_done(&out);
        }
    }
}

static void tokens(void **state)
{
    SCRATCH(tmp);
    (void)state;
    for (size_t i = 0; i < COUNT(lexed); i++) {
        assert_string_equal(tokens_whole(&tmp, &lexed[i]), lexed[i].tokens);
        for (size_t cut = 0; cut <= strlen(lexed[i].sql); cut++)
            assert_string_equal(tokens_cut(&tmp, &lexed[i], cut), lexed[i].tokens);
    }
}

static void contents(void **state)
{
    static const char *const rows[][2] = {
        {"'a''b'", "a''b"}, {"E'a'", "a"},        {"U&'a'", "a"}, {"$$a$$", "a"},
        {"$t$a$t$", "a"},   {"$t$$a$$t$", "$a$"}, {"''", ""},     {"$$$$", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(token_is_string(str_of(rows[i][0])));
        assert_true(str_eq(token_inner(str_of(rows[i][0])), str_of(rows[i][1])));
    }
    assert_false(token_is_string(STR("\"a'\"")));
    assert_false(token_is_string(STR("$")));
    assert_false(token_is_string(STR("a")));
}

static void names(void **state)
{
    static const char *const meant[][2] = {
        {"Ab_É", "ab_É"}, {"\"A b\"", "A b"}, {"\"a\"\"b\"", "a\"b"}, {"\"\"\"\"", "\""}, {"", ""}};
    static const char *const last[][2] = {
        {"a", "a"}, {"s.a", "a"}, {"s.\"a.b\"", "\"a.b\""}, {"\"s.\"\".x\".\"a\"\".\"", "\"a\"\".\""}};
    SCRATCH(tmp);
    (void)state;
    for (size_t i = 0; i < COUNT(meant); i++)
        assert_string_equal(name_meant(&tmp, str_of(meant[i][0])), meant[i][1]);
    for (size_t i = 0; i < COUNT(last); i++)
        assert_string_equal(name_last(last[i][0]), last[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens),
        cmocka_unit_test(contents),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests_name("lex", tests, NULL, NULL);
}

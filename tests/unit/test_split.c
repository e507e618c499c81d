/* The statement splitter, on the cases of tests/cases/split*.test, each fed in three ways. */
#include "cases.h"
#include "split_text.h"

/* The lines that begin with "|", pictures turned into what they show: one text of lines. */
static Str case_input(Arena *arena, const TextCase *c)
{
    static const struct {
        const char *picture, *means;
    } pictures[] = {{"␍", "\r"}, {"␉", "\t"}, {"␌", "\f"}};
    StrBuf input = {.arena = arena};
    for (size_t i = 0; i < c->lines.len; i++) {
        const char *at = c->lines.items[i].text;
        if (*at != '|')
            continue;
        at += at[1] == ' ' ? 2 : 1;
        for (; *at && strcmp(at, "␄") != 0;) {
            size_t used = 0;
            for (size_t k = 0; k < COUNT(pictures) && !used; k++)
                if (strncmp(at, pictures[k].picture, 3) == 0) {
                    sb_text(&input, pictures[k].means);
                    used = 3;
                }
            if (!used)
                sb_char(&input, *at);
            at += used ? used : 1;
        }
        if (!*at) /* otherwise the text ends here, without a line end */
            sb_char(&input, '\n');
    }
    return (Str){sb_done(&input), input.len};
}

/* The other lines, as split_listing writes them. */
static const char *case_answer(Arena *arena, const TextCase *c)
{
    StrBuf answer = {.arena = arena};
    for (size_t i = 0; i < c->lines.len; i++)
        if (c->lines.items[i].text[0] != '|')
            sb_printf(&answer, "%s\n", c->lines.items[i].text);
    return sb_done(&answer);
}

/* The listing with the places left out of those lines for which the answer gives none. */
static const char *without_places(Arena *arena, const char *listing, const char *answer)
{
    StrBuf out = {.arena = arena};
    Str got = str_of(listing), wanted = str_of(answer);
    while (got.len) {
        StrCut line = str_cut(got, '\n'), other = str_cut(wanted, '\n');
        bool place = !other.head.len || is_digit(other.head.data[0]);
        sb_add(&out, place ? line.head : str_cut(line.head, ' ').tail);
        sb_char(&out, '\n');
        got = line.tail;
        wanted = other.tail;
    }
    return sb_done(&out);
}

static void split(void **state)
{
    static const char *const ways[] = {"as a whole", "line by line", "byte by byte"};
    SCRATCH(tmp);
    const TextCase *c = *state;
    const char *answer = case_answer(&tmp, c);
    for (FeedWay way = FEED_WHOLE; way < FEED_WAYS; way++) {
        const char *got = without_places(&tmp, split_listing(&tmp, case_input(&tmp, c), way), answer);
        if (strcmp(got, answer) != 0)
            print_error("%s:%d, %s:\n%sexpected:\n%s", c->file, c->number, ways[way], got, answer);
        assert_true(strcmp(got, answer) == 0);
    }
}

static const struct ClosedCase {
    const char *name, *sql;
    bool closed;
} closed_cases[] = {
    {"a statement is closed by its semicolon", "SELECT 1;", true},
    {"the last one may not be", "SELECT 1", false},
    {"a semicolon in a comment closes nothing", "SELECT 1 -- the end;", false},
    {"nor does one in a string", "SELECT ';'", false},
};

static void closed(void **state)
{
    const struct ClosedCase *c = *state;
    Splitter splitter;
    splitter = split_start(false);
    assert_int_equal(split_next(&splitter, c->sql, strlen(c->sql), true), SPLIT_STATEMENT);
    assert_true(splitter.closed == c->closed);
}

/* After the end of the text the splitter returns SPLIT_END again. */
static void end_again(void **state)
{
    Splitter splitter;
    (void)state;
    splitter = split_start(false);
    assert_int_equal(split_next(&splitter, "SELECT 1", 8, true), SPLIT_STATEMENT);
    assert_int_equal(split_next(&splitter, "SELECT 1", 8, true), SPLIT_END);
    assert_int_equal(split_next(&splitter, "SELECT 1", 8, true), SPLIT_END);
}

/* A body with a long tag must not end early. */
static void long_tag(void **state)
{
    SCRATCH(tmp);
    (void)state;
    for (size_t len = 250; len < 260; len++) {
        char *tag = arena_alloc(&tmp, 1, len + 3);
        memset(tag, 'x', len + 2);
        tag[0] = tag[len + 1] = '$';
        const char *text = arena_printf(&tmp, "SELECT %s a; b $x$ %s; SELECT 2;", tag, tag);
        SeenEventVec events = split_events(&tmp, str_of(text), FEED_WHOLE);
        if (events.items[0].event == SPLIT_UNCLOSED) /* refused before anything runs */
            continue;
        assert_int_equal(events.len, 3);
        assert_int_equal(events.items[0].end, strlen(text) - strlen(" SELECT 2;"));
    }
}

/* A text whose statements take many lines, so that much is dropped on the way. */
static void long_text(void **state)
{
    SCRATCH(tmp);
    StrBuf text = {.arena = &tmp};
    (void)state;
    for (int i = 0; i < 3000; i++)
        sb_printf(&text, "INSERT INTO t VALUES (%d, 'ä;\n''%d', $q$ ; \n $q$); /* ; \n */ SELECT %d;\n", i, i,
                  i);
    SeenEventVec whole = split_events(&tmp, (Str){text.data, text.len}, FEED_WHOLE);
    SeenEventVec lines = split_events(&tmp, (Str){text.data, text.len}, FEED_LINES);
    assert_int_equal(whole.len, 6001);
    assert_int_equal(lines.len, whole.len);
    for (size_t i = 0; i + 1 < whole.len; i++) {
        int line, column;
        text_place((Str){text.data, text.len}, whole.items[i].start, &line, &column);
        assert_int_equal(whole.items[i].line, line);
        assert_int_equal(whole.items[i].column, column);
        assert_int_equal(lines.items[i].start, whole.items[i].start);
        assert_int_equal(lines.items[i].end, whole.items[i].end);
        assert_int_equal(lines.items[i].line, line);
        assert_int_equal(lines.items[i].column, column);
    }
}

/* The answer applies to the statement too, although it began before it was given. */
static void doubt_is_answered(void **state)
{
    static const char text[] = "SELECT 'a\\'; b';";
    Splitter splitter = split_start(false);
    (void)state;
    split_doubt(&splitter);
    assert_int_equal(split_next(&splitter, text, sizeof text - 1, true), SPLIT_STRINGS);
    split_strings(&splitter, true);
    assert_int_equal(split_next(&splitter, text, sizeof text - 1, true), SPLIT_STATEMENT);
    assert_true(splitter.backslashes);
    assert_int_equal(splitter.end, sizeof text - 1);
}

/* Parentheses that are open where the rest of a block is left out are not open in the next block. */
static void rest_of_block_is_skipped(void **state)
{
    static const char text[] = "SELECT ('a\\');\n-- cmig:upgrade\nSELECT 1; SELECT 2;";
    Splitter splitter = split_start(false);
    (void)state;
    split_doubt(&splitter);
    assert_int_equal(split_next(&splitter, text, sizeof text - 1, true), SPLIT_STRINGS);
    split_skip_block(&splitter);
    assert_int_equal(split_next(&splitter, text, sizeof text - 1, true), SPLIT_MARKER);
    assert_int_equal(split_next(&splitter, text, sizeof text - 1, true), SPLIT_STATEMENT);
    assert_string_equal(text + splitter.end, " SELECT 2;");
}

int main(void)
{
    Suite suite = {0};
    static const char *const files[] = {"split.test", "split_quotes.test", "split_copy.test"};
    for (size_t f = 0; f < COUNT(files); f++) {
        TextCaseVec cases = cases_read(&suite.arena, files[f]);
        for (size_t i = 0; i < cases.len; i++)
            suite_add(&suite, cases.items[i].name, split, &cases.items[i]);
    }
    ADD_ROWS(&suite, closed_cases, closed);
    ADD_TEST(&suite, "the end of the text is told again when asked again", end_again);
    ADD_TEST(&suite, "a statement is read as the answer to a doubt says", doubt_is_answered);
    ADD_TEST(&suite, "parentheses of a skipped block end with it", rest_of_block_is_skipped);
    ADD_TEST(&suite, "a dollar tag of about 256 characters is kept or refused, never confused with another",
             long_tag);
    ADD_TEST(&suite, "a long text fed by lines splits as the whole does, with the same places", long_text);
    return suite_run(&suite, "split");
}

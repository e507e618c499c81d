/* The target grammar taken apart, and the look-ups that plans do not show; the rest is in
 * tests/cases/plan*.test. */
#include "cases.h"
#include "graph_text.h"
#include "history/revspec.h"

static const struct ParseCase {
    const char *name, *in, *branch, *rev;
    bool relative;
    long steps;
} parse_cases[] = {
    {"a name", "88fb", NULL, "88fb", false, 0},
    {"head is a name like others", "head", NULL, "head", false, 0},
    {"a branch and a name", "billing@head", "billing", "head", false, 0},
    {"steps forward", "+2", NULL, NULL, true, 2},
    {"steps back", "-1", NULL, NULL, true, -1},
    {"steps from a name", "88fb+12", NULL, "88fb", true, 12},
    {"steps back from a name", "head-1", NULL, "head", true, -1},
    {"steps of a branch", "billing@-3", "billing", NULL, true, -3},
    {"branch, name and steps", "billing@head-3", "billing", "head", true, -3},
    {"a number is a name", "1234", NULL, "1234", false, 0},
    {"zeros in front of the steps", "+007", NULL, NULL, true, 7},
    {"the most steps there are", "+1000000000", NULL, NULL, true, 1000000000},
    {"letters beyond ASCII", "größe@日本+1", "größe", "日本", true, 1},
};

static void parse(void **state)
{
    SCRATCH(tmp);
    const struct ParseCase *c = *state;
    RevSpec spec;
    Err err;
    assert_done(revspec_parse(&tmp, c->in, &spec, &err), &err);
    assert_string_equal(spec.text, c->in);
    assert_string_equal(spec.branch ? spec.branch : "(none)", c->branch ? c->branch : "(none)");
    assert_string_equal(spec.name ? spec.name : "(none)", c->rev ? c->rev : "(none)");
    assert_true(spec.relative == c->relative);
    assert_int_equal(spec.steps, c->steps);
}

static const struct BadCase {
    const char *name, *in, *message;
} bad_cases[] = {
    {"an empty text is no target", "", "\"\" is not a target"},
    {"a sign alone is no target", "+", "\"+\" is not a target"},
    {"two signs are no target", "+-1", "\"+"},
    {"letters behind the sign are no target", "a+b", "is not a target"},
    {"a sign behind the number is no target", "1-", "is not a target"},
    {"too many steps are no target", "+1000000001", "is not a target"},
    {"far too many steps are no target", "-99999999999999999999999", "is not a target"},
    {"an empty branch is no target", "@head", "is not a target"},
    {"a branch alone is no target", "billing@", "is not a target"},
    {"a range is no target", "a:b", "is a range"},
    {"half a range is no target", "a:", "is a range"},
    {"spaces are no number", "+ 1", "is not a target"},
    {"no steps are no target", "+0", "is not a target"},
    {"no steps back are no target", "a-00", "is not a target"},
};

static void refuse(void **state)
{
    SCRATCH(tmp);
    const struct BadCase *c = *state;
    RevisionVec revisions = {0}, rows = {0}, out;
    Graph graph;
    Err err;
    assert_true(graph_text_read(&tmp, STR("a"), &revisions));
    assert_done(graph_build(&tmp, revisions, &graph, &err), &err);
    assert_false(revspec_upgrade(&tmp, &graph, c->in, &rows, &out, &err));
    assert_int_equal(err.code, CMIG_ERR_TARGET);
    assert_true(err.hint[0] != '\0');
    assert_holds(err.message, c->message);
}

static const struct FindCase {
    const char *name, *in, *id; /* no id: not found */
} find_cases[] = {
    {"an id is found", "a1b2", "a1b2"},
    {"a label is found", "lib", "a1c3"},
    {"the start of an id is found", "a1c", "a1c3"},
    {"the start of a label is found", "bill", "a1c3"},
    {"the start of a name of up to three characters is not", "li", NULL},
    {"a start that two have is not", "a1", NULL},
    {"an id wins over those it is the start of", "x", "x"},
    {"an empty text finds nothing", "", NULL},
    {"more than an id is not found", "a1b2c", NULL},
};

static Graph find_graph(Arena *arena)
{
    RevisionVec revisions = {0};
    Graph graph;
    Err err;
    assert_true(graph_text_read(arena, STR("a1b2  a1c3[lib,billing]<a1b2  x  xy<x"), &revisions));
    assert_done(graph_build(arena, revisions, &graph, &err), &err);
    return graph;
}

static void find(void **state)
{
    SCRATCH(tmp);
    const struct FindCase *c = *state;
    Graph graph = find_graph(&tmp);
    Revision *found;
    Err err;
    bool good = revspec_find(&graph, c->in, &found, &err);
    assert_true(good == (c->id != NULL));
    if (good)
        assert_string_equal(found->id, c->id);
    else
        assert_int_equal(err.code, CMIG_ERR_TARGET);
}

/* With the database at f, and with none where at is "?". */
static const struct NamedCase {
    const char *name, *graph, *at, *spec, *out; /* out: ids, or "!" and a part of the message */
} named_cases[] = {
    {"the head of a line", "a  b<a", "?", "head", "b"},
    {"no head in an empty project", "", "?", "head", ""},
    {"a dependency inside of a line makes no second head", "a  b<a(a)", "?", "head", "b"},
    {"two heads are not one", "a  b<a  c<a", "?", "head",
     "!\"head\" is not one revision: there are 2 heads: b, c"},
    {"heads are all that nothing stands on", "a  b<a  c<a(b)", "?", "heads", "c"},
    {"the heads of a branch", "a  b[x]<a  c<a  d<b  e<b", "?", "x@heads", "d e"},
    {"the head of a branch", "a  b[x]<a  c<a", "?", "x@head", "b"},
    {"base is no revision", "a", "?", "base", ""},
    {"current is the rows", "a  b<a  c<a", "b c", "current", "b c"},
    {"current of a branch", "a  b[x]<a  c<a", "b c", "x@current", "b"},
    {"current is nothing at base", "a", "", "current", ""},
    {"current where no database is asked", "a", "?", "current", "!current is not known here"},
    {"steps back from each head", "a  b<a  c<a", "?", "-1", "a"},
    {"steps back from the head of a branch", "a  b[x]<a  c<a  d<b", "?", "x@-1", "b"},
    {"steps forward from base", "a  b<a  c<b", "?", "+2", "b"},
    {"steps forward from base beyond the end", "a", "?", "+2", "!there is only 1 revision that way"},
    {"steps forward from two bases", "a  b", "?", "+1", "!base has 2 children: a, b"},
    {"steps back from a name", "a  b<a  c<b", "?", "c-2", "a"},
    {"steps back from head", "a  b<a", "?", "head-1", "a"},
    {"steps forward from a name", "a  b<a  c<b", "?", "a+2", "c"},
    {"steps forward at a fork follow the branch", "a  b[x]<a  c<a", "?", "x@a+1", "b"},
    {"steps back at a merge", "a  b  c<a,b", "?", "c-1", "!revision c has 2 parents: a, b"},
    {"steps back to base", "a", "?", "a-1", ""},
    {"a name that is not there", "abcd", "?", "abce", "!no revision \"abce\""},
    {"a branch that is not there", "a", "?", "x@head", "!there is no branch \"x\""},
    {"a start of several ids as a branch", "abcd1  abcd2", "?", "abcd@head",
     "!\"abcd\" is the start of 2 revisions"},
    {"a name of up to three characters is no start", "abc", "?", "ab", "!no revision \"ab\""},
};

static void named(void **state)
{
    SCRATCH(tmp);
    const struct NamedCase *c = *state;
    RevisionVec revisions = {0}, rows = {0}, found;
    StrBuf ids = {.arena = &tmp};
    Graph graph;
    Err err;
    assert_true(graph_text_read(&tmp, str_of(c->graph), &revisions));
    assert_done(graph_build(&tmp, revisions, &graph, &err), &err);
    TextVec at = graph_text_list(&tmp, str_of(c->at));
    for (size_t i = 0; c->at[0] != '?' && i < at.len; i++)
        vec_push(&tmp, &rows, map_get(&graph.names, at.items[i]));
    if (!revspec_revisions(&tmp, &graph, c->spec, c->at[0] == '?' ? NULL : &rows, &found, &err)) {
        assert_int_equal(c->out[0], '!');
        assert_holds(err.message, c->out + 1);
        return;
    }
    for (size_t i = 0; i < found.len; i++)
        sb_printf(&ids, "%s%s", i ? " " : "", found.items[i]->id);
    assert_string_equal(sb_done(&ids), c->out);
}

static void text_of_many(void **state)
{
    SCRATCH(tmp);
    (void)state;
    RevisionVec revisions = {0};
    assert_true(graph_text_read(&tmp, STR("a b c d e f g h"), &revisions));
    revisions.items[1]->message = "the second";
    assert_string_equal(revisions_text(&tmp, &revisions), "a, b (the second), c, d, e, f and 2 more");
    revisions.len = 0;
    assert_string_equal(revisions_text(&tmp, &revisions), "");
}

/* A long message is cut, but not in the middle of a character: error texts are UTF-8. */
static void text_of_long_messages(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        SCRATCH(tmp);
        RevisionVec revisions = {0};
        StrBuf message = {.arena = &tmp};
        assert_true(graph_text_read(&tmp, STR("a"), &revisions));
        for (size_t i = 0; i < shift; i++)
            sb_char(&message, 'x');
        while (message.len < 100)
            sb_text(&message, "€");
        revisions.items[0]->message = sb_done(&message);
        const char *text = revisions_text(&tmp, &revisions);
        assert_int_equal(utf8_valid(text, strlen(text)), strlen(text));
        assert_true(strlen(text) < 100);
    }
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, parse_cases, parse);
    ADD_ROWS(&suite, bad_cases, refuse);
    ADD_ROWS(&suite, find_cases, find);
    ADD_ROWS(&suite, named_cases, named);
    ADD_TEST(&suite, "many revisions are listed in part", text_of_many);
    ADD_TEST(&suite, "a long message in a list is cut between characters", text_of_long_messages);
    return suite_run(&suite, "revspec");
}

/* The graph: what is refused, heads and bases, orders; mostly the cases of tests/cases/graph.test. */
#include "cases.h"
#include "graph_text.h"

/* "a, b", in the order of the vector. */
static const char *ids(Arena *arena, const RevisionVec *revisions, const char *between)
{
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < revisions->len; i++)
        sb_printf(&out, "%s%s", i ? between : "", revisions->items[i]->id);
    return sb_done(&out);
}

static Graph build(Arena *arena, const char *text)
{
    RevisionVec revisions = {0};
    Graph graph = {0};
    Err err;
    assert_true(graph_text_read(arena, str_of(text), &revisions));
    assert_done(graph_build(arena, revisions, &graph, &err), &err);
    return graph;
}

static RevSet everything(Arena *arena, const Graph *graph)
{
    RevSet all = set_new(arena, graph);
    for (size_t i = 0; i < graph->all.len; i++)
        all[i] = true;
    return all;
}

static RevisionVec members(Arena *arena, const Graph *graph, RevSet set)
{
    RevisionVec in = {0};
    for (size_t i = 0; i < graph->all.len; i++)
        if (set[i])
            vec_push(arena, &in, graph->all.items[i]);
    return in;
}

static void check(const TextCase *c, const char *word, const char *got)
{
    const char *expected = case_line(c, word);
    if (expected)
        assert_string_equal(got, expected);
}

static void refused(const TextCase *c, const Err *err)
{
    const char *hint = case_line(c, "hint"), *file = case_line(c, "file");
    assert_holds(err->message, case_line(c, "error"));
    assert_true(utf8_valid(err->message, strlen(err->message)) == strlen(err->message));
    if (hint)
        assert_holds(err->hint, hint);
    if (file)
        assert_string_equal(err->file, file);
}

static void graph_case(void **state)
{
    static const char *const words[] = {"graph",   "heads", "bases", "tips", "order",
                                        "lineage", "error", "hint",  "file"};
    SCRATCH(tmp);
    const TextCase *c = *state;
    RevisionVec revisions = {0};
    Graph graph;
    Err err;
    case_words(c, words, COUNT(words));
    assert_true(graph_text_read(&tmp, str_of(case_line(c, "graph")), &revisions));
    if (!graph_build(&tmp, revisions, &graph, &err)) {
        if (!case_line(c, "error"))
            print_error("%s:%d: %s\n", c->file, c->number, err.message);
        assert_non_null(case_line(c, "error"));
        refused(c, &err);
        return;
    }
    assert_null(case_line(c, "error"));
    RevisionVec order = graph_order(&tmp, &graph, everything(&tmp, &graph));
    check(c, "heads", ids(&tmp, &graph.heads, ", "));
    check(c, "bases", ids(&tmp, &graph.bases, ", "));
    check(c, "tips", ids(&tmp, &graph.tips, ", "));
    check(c, "order", ids(&tmp, &order, " "));
    const char *lineage = case_line(c, "lineage of");
    if (lineage) {
        StrCut cut = str_cut(str_of(lineage), ':');
        const Revision *of = map_get(&graph.names, arena_strndup(&tmp, cut.head.data, cut.head.len));
        RevisionVec in = members(&tmp, &graph, graph_lineage(&tmp, &graph, of));
        assert_str(str_trim(cut.tail), ids(&tmp, &in, ", "));
    }
}

static void links(void **state)
{
    SCRATCH(tmp);
    (void)state;
    Graph graph = build(&tmp, "a  b<a  c[lib]<a  d<b,c(lib)");
    const Revision *a = graph.all.items[0], *d = graph.all.items[3];
    assert_string_equal(ids(&tmp, &a->children, ","), "b,c");
    assert_string_equal(ids(&tmp, &a->users, ","), "b,c");
    assert_string_equal(ids(&tmp, &d->parents, ","), "b,c");
    assert_string_equal(ids(&tmp, &d->needs, ","), "b,c");
    assert_ptr_equal(map_get(&graph.names, "lib"), graph.all.items[2]);
    for (size_t i = 0; i < graph.all.len; i++)
        assert_int_equal(graph.all.items[i]->index, i);
}

static void reach(void **state)
{
    static const struct {
        Edges edges;
        const char *expected;
    } ways[] = {{PARENTS, "a, c"}, {CHILDREN, "c, d"}, {NEEDS, "a, c, x"}, {USERS, "c, d, z"}};
    SCRATCH(tmp);
    (void)state;
    Graph graph = build(&tmp, "a  b<a  c<a(x)  d<c  x  z(c)");
    for (size_t i = 0; i < COUNT(ways); i++) {
        RevSet set = set_new(&tmp, &graph);
        set_reach(set, &graph, graph.all.items[2], ways[i].edges);
        RevisionVec in = members(&tmp, &graph, set);
        assert_string_equal(ids(&tmp, &in, ", "), ways[i].expected);
    }
}

static void maximal(void **state)
{
    SCRATCH(tmp);
    (void)state;
    Graph graph = build(&tmp, "a  b<a  c<a  d<b,c  x(b)");
    RevSet set = set_new(&tmp, &graph);
    set[0] = set[1] = set[2] = true;
    RevisionVec rows = graph_maximal(&tmp, &graph, set);
    assert_string_equal(ids(&tmp, &rows, ", "), "b, c");
    set[4] = true;
    rows = graph_maximal(&tmp, &graph, set);
    assert_string_equal(ids(&tmp, &rows, ", "), "c, x");
}

static void part_order(void **state)
{
    SCRATCH(tmp);
    (void)state;
    Graph graph = build(&tmp, "d<c  c<b  a  b<a");
    RevSet set = set_new(&tmp, &graph);
    set[1] = set[3] = true;
    RevisionVec order = graph_order(&tmp, &graph, set);
    assert_string_equal(ids(&tmp, &order, " "), "b c");
}

/* A line so long that recursion would not survive it. */
static void deep(void **state)
{
    enum { DEPTH = 200000 };
    SCRATCH(tmp);
    (void)state;
    RevisionVec revisions = {0};
    Graph graph;
    Err err;
    for (int i = 0; i < DEPTH; i++) {
        Revision *r = NEW(&tmp, Revision);
        *r =
            (Revision){.id = arena_printf(&tmp, "r%d", i), .message = "", .create_date = "", .path = "r.sql"};
        if (i)
            vec_push(&tmp, &r->down_revision, revisions.items[i - 1]->id);
        vec_push(&tmp, &revisions, r);
    }
    assert_done(graph_build(&tmp, revisions, &graph, &err), &err);
    RevisionVec order = graph_order(&tmp, &graph, everything(&tmp, &graph));
    assert_int_equal(order.len, DEPTH);
    assert_string_equal(order.items[DEPTH - 1]->id, graph.heads.items[0]->id);
}

int main(void)
{
    Suite suite = {0};
    TextCaseVec cases = cases_read(&suite.arena, "graph.test");
    for (size_t i = 0; i < cases.len; i++)
        suite_add(&suite, cases.items[i].name, graph_case, &cases.items[i]);
    ADD_TEST(&suite, "parents, children, needs and users are linked both ways", links);
    ADD_TEST(&suite, "reaching follows the edges it is told to", reach);
    ADD_TEST(&suite, "maximal members are those that no other member stands on", maximal);
    ADD_TEST(&suite, "a part of a line is ordered by itself", part_order);
    ADD_TEST(&suite, "a line of 200000 revisions costs no stack", deep);
    return suite_run(&suite, "graph");
}

/* What must hold of every plan, tried on random graphs: order, rows, and that down undoes up. */
#include "graph_text.h"
#include "history/range.h"
#include "plan_check.h"

/* A generator that gives the same numbers everywhere: xorshift. */
static uint64_t seed;

static size_t below(size_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (size_t)(seed % limit);
}

static void stand_on(Arena *arena, TextVec *names, size_t count, const Revision *r)
{
    const char *name = arena_printf(arena, "r%zu", below(count));
    if (!text_in(names, name) && !text_in(&r->down_revision, name))
        vec_push(arena, names, name);
}

/* Revisions that follow, merge and depend on earlier ones, in a load order of their own. */
static Graph random_graph(Arena *arena, size_t count)
{
    RevisionVec revisions = {0};
    Graph graph;
    Err err;
    for (size_t i = 0; i < count; i++) {
        Revision *r = NEW(arena, Revision);
        *r = (Revision){
            .id = arena_printf(arena, "r%zu", i), .message = "", .create_date = "", .transactional = true};
        r->path = r->id;
        size_t parents = i == 0 || below(8) == 0 ? 0 : below(5) == 0 ? 2 : 1;
        for (size_t k = 0; k < parents; k++)
            stand_on(arena, &r->down_revision, i, r);
        for (size_t k = below(4) == 0 && i ? 1 + below(2) : 0; k > 0; k--)
            stand_on(arena, &r->depends_on, i, r);
        if (below(6) == 0)
            vec_push(arena, &r->branch_labels, arena_printf(arena, "label%zu", i));
        vec_push(arena, &revisions, r);
    }
    for (size_t i = count; i > 1; i--) {
        Revision *other = revisions.items[below(i)];
        size_t at = 0;
        while (revisions.items[at] != other)
            at++;
        revisions.items[at] = revisions.items[i - 1];
        revisions.items[i - 1] = other;
    }
    assert_done(graph_build(arena, revisions, &graph, &err), &err);
    return graph;
}

static TextVec ids_of(Arena *arena, const RevisionVec *revisions)
{
    TextVec ids = {0};
    for (size_t i = 0; i < revisions->len; i++)
        vec_push(arena, &ids, revisions->items[i]->id);
    return ids;
}

/* The rows after a plan, checked on the way. */
static RevisionVec follow(Arena *arena, const Graph *graph, const RevisionVec *rows, const Plan *plan)
{
    RevisionVec after = {0};
    AppliedState state = state_of(arena, graph, rows);
    TextVec names = ids_of(arena, rows);
    check_order(arena, graph, rows, plan);
    for (size_t part = 1; part <= 4; part++)
        rows_after(arena, graph, rows, names, plan, part);
    if (plan->steps.len)
        state_run(arena, &state, plan, 0, plan->steps.len);
    after = graph_maximal(arena, graph, state.applied);
    return after;
}

/* The downgrade that leads back: to the old row where there was one, to base where there was none. */
static void goes_back(Arena *arena, const Graph *graph, const RevisionVec *before, const RevisionVec *after,
                      const Plan *up)
{
    Plan down;
    Err err;
    if (before->len > 1 || up->steps.len == 0)
        return;
    const char *target = before->len ? before->items[0]->id : "base";
    assert_done(plan_make(arena, graph, DOWNGRADE, target, after, &down, &err), &err);
    RevisionVec back = follow(arena, graph, after, &down);
    const bool *still = graph_needed_by(arena, graph, before), *left = graph_needed_by(arena, graph, &back);
    /* What was pulled in as a dependency of another branch, and follows nothing that was undone, stays. */
    for (size_t i = 0; i < graph->all.len; i++)
        assert_true(!still[i] || left[i]);
    if (before->len == 0)
        assert_int_equal(back.len, 0);
    /* On one line, with nothing pulled in, the rows are just those of before. */
    bool pulled = false;
    const bool *above = NULL;
    if (before->len) {
        RevSet follows = set_new(arena, graph);
        for (size_t i = 0; i < before->items[0]->children.len; i++)
            set_reach(follows, graph, before->items[0]->children.items[i], USERS);
        above = follows;
    }
    for (size_t i = 0; i < up->steps.len; i++)
        pulled |= above && !above[up->steps.items[i]->index];
    if (!pulled)
        assert_string_equal(sorted(arena, ids_of(arena, &back)), sorted(arena, ids_of(arena, before)));
}

static void up_and_down(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= 400; round++) {
        SCRATCH(tmp);
        seed = round * 0x9E3779B97F4A7C15U;
        Graph graph = random_graph(&tmp, 1 + below(40));
        RevisionVec rows = {0};
        for (size_t step = 0; step < 6; step++) {
            const char *target = below(4) ? graph.all.items[below(graph.all.len)]->id : "heads";
            Plan plan;
            Err err;
            assert_done(plan_make(&tmp, &graph, UPGRADE, target, &rows, &plan, &err), &err);
            RevisionVec after = follow(&tmp, &graph, &rows, &plan);
            goes_back(&tmp, &graph, &rows, &after, &plan);
            rows = after;
        }
    }
}

/* A stamp of what is applied, or of a later state, is a state that an upgrade could have led to. */
static void stamps(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= 400; round++) {
        SCRATCH(tmp);
        seed = round * 0xD1B54A32D192ED03U;
        Graph graph = random_graph(&tmp, 1 + below(40));
        RevisionVec rows = {0};
        for (size_t step = 0; step < 6; step++) {
            const Revision *r = graph.all.items[below(graph.all.len)];
            TextVec targets = {0}, names = ids_of(&tmp, &rows);
            RowChange change;
            Err err;
            vec_push(&tmp, &targets, below(4) ? r->id : "heads");
            assert_done(plan_stamp(&tmp, &graph, &targets, &rows, &change, &err), &err);
            change_rows(&tmp, &names, &change);
            if (strcmp(targets.items[0], "heads") != 0)
                assert_true(text_in(&names, r->id));
            assert_done(plan_rows(&tmp, &graph, &names, &rows, &err), &err);
            assert_done(refuse_overlap(&graph, &rows, NEEDS, CMIG_ERR_STATE, "the rows", &err), &err);
        }
    }
}

/* Every part of the history comes before what it stands on, newest first, and the whole is all revisions. */
static void histories(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= 400; round++) {
        SCRATCH(tmp);
        seed = round * 0x2545F4914F6CDD1DU;
        Graph graph = random_graph(&tmp, 1 + below(60));
        RevRange range;
        RevisionVec order;
        Err err;
        assert_done(revspec_range(&tmp, &graph, ":", NULL, &range, &err), &err);
        assert_done(range_revisions(&tmp, &graph, &range, &order, &err), &err);
        assert_int_equal(order.len, graph.all.len);
        RevSet seen = set_new(&tmp, &graph);
        for (size_t i = 0; i < order.len; i++) {
            for (size_t k = 0; k < order.items[i]->needs.len; k++)
                assert_true(seen[order.items[i]->needs.items[k]->index]);
            assert_false(seen[order.items[i]->index]);
            seen[order.items[i]->index] = true;
        }
    }
}

int main(void)
{
    Suite suite = {0};
    ADD_TEST(&suite, "on random graphs each revision runs once, after what it stands on, and down undoes up",
             up_and_down);
    ADD_TEST(&suite, "on random graphs a stamp leaves rows of which none stands on another", stamps);
    ADD_TEST(&suite, "on random graphs the history is all revisions, each once, newest first", histories);
    return suite_run(&suite, "properties");
}

/* Fuzzes graph and targets: a text of three lines, graph, rows and target; the plan's order and rows must
 * hold. */
#include <stdint.h>
#include <string.h>

#include "../unit/graph_text.h"
#include "invariant.h"
#include "history/plan.h"
#include "history/revspec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_error(const Err *err)
{
    HOLDS(err->code == CMIG_ERR_GRAPH || err->code == CMIG_ERR_REVISION || err->code == CMIG_ERR_TARGET ||
          err->code == CMIG_ERR_STATE);
    HOLDS(err->message[0]);
    HOLDS(utf8_valid(err->message, sizeof err->message) == strlen(err->message));
}

static void check_graph(const Graph *graph)
{
    for (size_t i = 0; i < graph->all.len; i++) {
        const Revision *r = graph->all.items[i];
        HOLDS(r->index == i && map_get(&graph->names, r->id) == r);
        HOLDS(r->parents.len <= r->needs.len);
        HOLDS(r->children.len <= r->users.len);
    }
    HOLDS((graph->heads.len > 0) == (graph->all.len > 0));
    HOLDS((graph->bases.len > 0) == (graph->all.len > 0));
}

/* The rows that a set of applied revisions has, and no others, are those that nothing applied stands on. */
static void check_rows(Arena *arena, const Graph *graph, RevSet rows, RevSet applied)
{
    RevisionVec maximal = graph_maximal(arena, graph, applied);
    RevSet expected = set_new(arena, graph);
    for (size_t i = 0; i < maximal.len; i++)
        expected[maximal.items[i]->index] = true;
    for (size_t i = 0; i < graph->all.len; i++)
        HOLDS(rows[i] == expected[i]);
}

static void check_plan(Arena *arena, const Graph *graph, const RevisionVec *start, const Plan *plan)
{
    bool up = plan->direction == UPGRADE;
    AppliedState state = state_of(arena, graph, start);
    RevSet rows = set_new(arena, graph);
    for (size_t i = 0; i < start->len; i++)
        rows[start->items[i]->index] = true;
    HOLDS((plan->nothing == NULL) == (plan->steps.len > 0));
    for (size_t i = 0; i < plan->steps.len; i++) {
        const Revision *r = plan->steps.items[i];
        const RevisionVec *around = up ? &r->needs : &r->users;
        for (size_t k = 0; k < around->len; k++)
            HOLDS(state.applied[around->items[k]->index] == up);
        HOLDS(state.applied[r->index] != up);
        RowChange change = state_run(arena, &state, plan, i, i + 1);
        for (size_t k = 0; k < change.removed.len; k++) {
            HOLDS(rows[change.removed.items[k]->index]);
            rows[change.removed.items[k]->index] = false;
        }
        for (size_t k = 0; k < change.added.len; k++) {
            HOLDS(!rows[change.added.items[k]->index]);
            rows[change.added.items[k]->index] = true;
        }
        check_rows(arena, graph, rows, state.applied);
    }
}

/* What was planned and run leaves nothing to do; a relative target would go on. */
static void check_twice(Arena *arena, const Graph *graph, const RevisionVec *start, const Plan *plan,
                        const char *target)
{
    AppliedState state = state_of(arena, graph, start);
    Plan again;
    Err err;
    state_run(arena, &state, plan, 0, plan->steps.len);
    RevisionVec rows = graph_maximal(arena, graph, state.applied);
    if (!strpbrk(target, "+-") && plan_make(arena, graph, plan->direction, target, &rows, &again, &err))
        HOLDS(again.steps.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    RevisionVec revisions = {0}, start = {0};
    Graph graph;
    Plan plan;
    Err err;
    if (size > 1024 || utf8_valid((const char *)data, size) != size)
        return 0;
    StrCut first = str_cut((Str){(const char *)data, size}, '\n'), second = str_cut(first.tail, '\n');
    Str last = str_cut(second.tail, '\n').head;
    const char *target = arena_strndup(&tmp, last.data, last.len);
    if (!graph_text_read(&tmp, first.head, &revisions))
        return 0;
    if (!graph_build(&tmp, revisions, &graph, &err)) {
        check_error(&err);
        return 0;
    }
    check_graph(&graph);
    TextVec names = graph_text_list(&tmp, second.head), rows = {0};
    for (size_t i = 0; i < names.len; i++)
        if (!text_in(&rows, names.items[i])) /* they are the table's primary key */
            vec_push(&tmp, &rows, names.items[i]);
    if (!plan_rows(&tmp, &graph, &rows, &start, &err)) {
        check_error(&err);
        return 0;
    }
    for (Direction direction = UPGRADE; direction <= DOWNGRADE; direction++) {
        if (!plan_make(&tmp, &graph, direction, target, &start, &plan, &err)) {
            check_error(&err);
            continue;
        }
        check_plan(&tmp, &graph, &start, &plan);
        check_twice(&tmp, &graph, &start, &plan, target);
    }
    return 0;
}

/* Plans: the cases of tests/cases/plan*.test, each also run step by step. */
#include "cases.h"
#include "graph_text.h"
#include "model/plan.h"

typedef struct PlanCase {
    const TextCase *text;
    const char *graph;
} PlanCase;

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *sorted(Arena *arena, TextVec names)
{
    if (names.len)
        qsort(names.items, names.len, sizeof *names.items, by_text);
    return texts_join(arena, &names);
}

/* The rows of the version table, kept as texts as the server would keep them. */
static void change_rows(Arena *arena, TextVec *rows, const RowChange *change)
{
    TextVec kept = {0};
    for (size_t i = 0; i < rows->len; i++) {
        bool gone = false;
        for (size_t k = 0; k < change->removed.len; k++)
            gone |= strcmp(change->removed.items[k]->id, rows->items[i]) == 0;
        if (!gone)
            vec_push(arena, &kept, rows->items[i]);
    }
    assert_int_equal(kept.len + change->removed.len, rows->len); /* no row is removed that is not there */
    for (size_t i = 0; i < change->added.len; i++) {
        assert_false(text_in(&kept, change->added.items[i]->id)); /* nor added that is */
        vec_push(arena, &kept, change->added.items[i]->id);
    }
    *rows = kept;
}

/* The rows after the plan, taken in parts of so many steps. */
static const char *rows_after(Arena *arena, const Graph *graph, const RevisionVec *start, TextVec rows,
                              const Plan *plan, size_t part)
{
    AppliedState state = state_of(arena, graph, start);
    for (size_t from = 0; from < plan->steps.len; from += part) {
        size_t to = from + part < plan->steps.len ? from + part : plan->steps.len;
        RowChange change = state_run(arena, &state, plan, from, to);
        change_rows(arena, &rows, &change);
        RevisionVec maximal = graph_maximal(arena, graph, state.applied);
        TextVec expected = {0};
        for (size_t i = 0; i < maximal.len; i++)
            vec_push(arena, &expected, maximal.items[i]->id);
        assert_string_equal(sorted(arena, rows), sorted(arena, expected));
    }
    return sorted(arena, rows);
}

/* No revision comes up before one it stands on, or goes down before one that stands on it. */
static void check_order(Arena *arena, const Graph *graph, const RevisionVec *start, const Plan *plan)
{
    AppliedState state = state_of(arena, graph, start);
    for (size_t i = 0; i < plan->steps.len; i++) {
        const Revision *r = plan->steps.items[i];
        const RevisionVec *around = plan->direction == UPGRADE ? &r->needs : &r->users;
        for (size_t k = 0; k < around->len; k++)
            assert_true(state.applied[around->items[k]->index] == (plan->direction == UPGRADE));
        assert_true(state.applied[r->index] == (plan->direction == DOWNGRADE));
        state_run(arena, &state, plan, i, i + 1);
    }
}

static const char *steps_text(Arena *arena, const Plan *plan)
{
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < plan->steps.len; i++)
        sb_printf(&out, "%s%c%s", i ? " " : "", plan->direction == UPGRADE ? '+' : '-',
                  plan->steps.items[i]->id);
    return sb_done(&out);
}

static void refused(const TextCase *c, const Err *err)
{
    const char *hint = case_line(c, "hint");
    assert_null(strstr(err->message, " -1 ")); /* a count of things */
    assert_holds(err->message, case_line(c, "error"));
    if (hint)
        assert_holds(err->hint, hint);
}

static void plan_case(void **state)
{
    static const char *const words[] = {"graph",  "at",      "upgrade", "downgrade", "->",
                                        "now at", "nothing", "error",   "hint"};
    SCRATCH(tmp);
    const PlanCase *plan_text = *state;
    const TextCase *c = plan_text->text;
    const char *up = case_line(c, "upgrade"), *target = up ? up : case_line(c, "downgrade");
    RevisionVec revisions = {0}, start = {0};
    Graph graph;
    Plan plan;
    Err err;
    case_words(c, words, COUNT(words));
    assert_true(graph_text_read(&tmp, str_of(plan_text->graph), &revisions));
    assert_done(graph_build(&tmp, revisions, &graph, &err), &err);
    const char *at = case_line(c, "at");
    TextVec rows = graph_text_list(&tmp, str_of(at ? at : ""));
    if (!plan_rows(&tmp, &graph, &rows, &start, &err) ||
        !plan_make(&tmp, &graph, up ? UPGRADE : DOWNGRADE, target, &start, &plan, &err)) {
        if (!case_line(c, "error"))
            print_error("%s:%d: %s\n", c->file, c->number, err.message);
        assert_non_null(case_line(c, "error"));
        refused(c, &err);
        return;
    }
    if (case_line(c, "error"))
        print_error("%s:%d: not refused: -> %s\n", c->file, c->number, steps_text(&tmp, &plan));
    assert_null(case_line(c, "error"));
    assert_string_equal(steps_text(&tmp, &plan), case_line(c, "->"));
    assert_true((plan.nothing == NULL) == (plan.steps.len > 0));
    if (case_line(c, "nothing"))
        assert_holds(plan.nothing, case_line(c, "nothing"));
    check_order(&tmp, &graph, &start, &plan);
    const char *now = sorted(&tmp, graph_text_list(&tmp, str_of(case_line(c, "now at"))));
    for (size_t part = 1; part <= 3; part++)
        assert_string_equal(rows_after(&tmp, &graph, &start, rows, &plan, part), now);
    if (plan.steps.len)
        assert_string_equal(rows_after(&tmp, &graph, &start, rows, &plan, plan.steps.len), now);
}

int main(void)
{
    Suite suite = {0};
    static const char *const files[] = {"plan.test", "plan_targets.test"};
    for (size_t f = 0; f < COUNT(files); f++) {
        TextCaseVec cases = cases_read(&suite.arena, files[f]);
        const char *graph = "";
        for (size_t i = 0; i < cases.len; i++) {
            const char *own = case_line(&cases.items[i], "graph");
            PlanCase *c = NEW(&suite.arena, PlanCase);
            graph = own ? own : graph;
            *c = (PlanCase){&cases.items[i], graph};
            suite_add(&suite, cases.items[i].name, plan_case, c);
        }
    }
    return suite_run(&suite, "plan");
}

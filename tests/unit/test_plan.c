/* Plans: the cases of tests/cases/plan*.test, each also run step by step. */
#include "cases.h"
#include "graph_text.h"
#include "plan_check.h"

typedef struct PlanCase {
    const TextCase *text;
    const char *graph;
} PlanCase;

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

/* What Alembic does with revision graphs: the recorded cases of tests/cases/alembic. */
#include "graph_text.h"
#include "history/range.h"
#include "plan_check.h"

typedef struct AlembicCase {
    const char *id, *graph, *rows, *command, *answer;
} AlembicCase;

/* The revisions that a question is answered with, newest first where it is a history. */
static bool ask(Arena *arena, const Graph *graph, const char *verb, const char *target,
                const RevisionVec *rows, RevisionVec *out, Err *err)
{
    RevRange range;
    RevisionVec order = {0};
    *out = (RevisionVec){0};
    if (strcmp(verb, "heads") == 0)
        *out = graph->heads;
    else if (strcmp(verb, "branches") == 0)
        *out = graph_branch_points(arena, graph);
    else if (strcmp(verb, "show") == 0)
        return revspec_revisions(arena, graph, target, rows, out, err);
    else if (!revspec_range(arena, graph, *target ? target : ":", rows, &range, err) ||
             (!range.nothing && !range_revisions(arena, graph, &range, &order, err)))
        return false;
    while (order.len)
        vec_push(arena, out, order.items[--order.len]);
    return true;
}

static const char *ids_text(Arena *arena, const RevisionVec *revisions, const char *sign)
{
    StrBuf text = {.arena = arena};
    for (size_t i = 0; i < revisions->len; i++)
        sb_printf(&text, "%s%s%s", i ? " " : "", sign, revisions->items[i]->id);
    return sb_done(&text);
}

static const char *sorted_words(Arena *arena, const char *text)
{
    return sorted(arena, graph_text_list(arena, str_of(text)));
}

/* Runs the command on the model: the answer as the case writes it, or NULL where it is refused. */
static bool run(Arena *arena, const AlembicCase *c, const char **list, const char **after, Err *err)
{
    StrCut command = str_cut(str_of(c->command), ' ');
    const char *verb = arena_strndup(arena, command.head.data, command.head.len);
    const char *target = arena_strndup(arena, command.tail.data, command.tail.len);
    RevisionVec revisions = {0}, start = {0}, found;
    TextVec rows = graph_text_list(arena, str_of(c->rows));
    Graph graph;
    Plan plan;
    *after = "";
    assert_true(graph_text_read(arena, str_of(c->graph), &revisions));
    if (!graph_build(arena, revisions, &graph, err))
        return false;
    bool asks = strcmp(verb, "history") == 0 || strcmp(verb, "show") == 0 || strcmp(verb, "heads") == 0 ||
                strcmp(verb, "branches") == 0;
    if ((!asks || revspec_asks_database(target)) && !plan_rows(arena, &graph, &rows, &start, err))
        return false;
    if (asks) {
        bool good = ask(arena, &graph, verb, target, &start, &found, err);
        *list = good ? ids_text(arena, &found, "") : NULL;
        return good;
    }
    if (strcmp(verb, "stamp") == 0) {
        RowChange change;
        TextVec targets = graph_text_list(arena, str_of(target));
        if (!plan_stamp(arena, &graph, &targets, &start, &change, err))
            return false;
        change_rows(arena, &rows, &change);
        *list = "";
        *after = sorted(arena, rows);
        return true;
    }
    bool up = strcmp(verb, "upgrade") == 0;
    if (!plan_make(arena, &graph, up ? UPGRADE : DOWNGRADE, target, &start, &plan, err))
        return false;
    check_order(arena, &graph, &start, &plan);
    *list = ids_text(arena, &plan.steps, up ? "+" : "-");
    *after = plan.steps.len ? rows_after(arena, &graph, &start, rows, &plan, 2) : sorted(arena, rows);
    return true;
}

static void agrees(void **state)
{
    SCRATCH(tmp);
    const AlembicCase *c = *state;
    const char *list = NULL, *after = NULL;
    Err err;
    bool good = run(&tmp, c, &list, &after, &err);
    if (c->answer[0] == '!') {
        if (good)
            print_error("%s: %s: expected %s, not: %s @ %s\n", c->id, c->command, c->answer, list, after);
        assert_false(good);
        assert_true(err.message[0] != '\0');
        return;
    }
    if (!good)
        print_error("%s: %s: %s\n", c->id, c->command, err.message);
    assert_true(good);
    StrCut answer = str_cut(str_of(c->answer + 1), '@');
    const char *wanted = arena_strndup(&tmp, str_trim(answer.head).data, str_trim(answer.head).len);
    if (c->answer[0] == '=' || !answer.found)
        assert_string_equal(c->answer[0] == '=' ? list : sorted_words(&tmp, list),
                            c->answer[0] == '=' ? wanted : sorted_words(&tmp, wanted));
    else
        assert_string_equal(sorted_words(&tmp, list), sorted_words(&tmp, wanted));
    if (answer.found)
        assert_string_equal(after, sorted_words(&tmp, arena_strdup(&tmp, answer.tail.data)));
}

/* "id | graph | rows | command | answer". */
static AlembicCase *read_case(Arena *arena, Str line, const char *graph_before)
{
    AlembicCase *c = NEW(arena, AlembicCase);
    const char **parts[] = {&c->id, &c->graph, &c->rows, &c->command, &c->answer};
    for (size_t i = 0; i < COUNT(parts); i++) {
        StrCut cut = str_cut(line, '|');
        Str part = str_trim(cut.head);
        *parts[i] = arena_strndup(arena, part.data, part.len);
        line = cut.tail;
    }
    if (strcmp(c->graph, ".") == 0)
        c->graph = graph_before;
    return c;
}

int main(void)
{
    static const char *const files[] = {"alembic/part1.txt", "alembic/part2.txt", "alembic/part3.txt"};
    Suite suite = {0};
    for (size_t f = 0; f < COUNT(files); f++) {
        const char *graph = "";
        for (Str text = case_file(&suite.arena, files[f]); text.len;) {
            StrCut line = str_cut(text, '\n');
            text = line.tail;
            if (line.head.len == 0 || line.head.data[0] == '#')
                continue;
            AlembicCase *c = read_case(&suite.arena, line.head, graph);
            graph = c->graph;
            suite_add(&suite, c->id, agrees, c);
        }
    }
    return suite_run(&suite, "alembic");
}

/* What must hold of every plan: its order, and the rows of the version table after it. */
#ifndef CMIG_TESTS_PLAN_CHECK_H
#define CMIG_TESTS_PLAN_CHECK_H

#include <stdlib.h>

#include "cases.h"
#include "history/plan.h"

static inline int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static inline const char *sorted(Arena *arena, TextVec names)
{
    if (names.len)
        qsort(names.items, names.len, sizeof *names.items, by_text);
    return texts_join(arena, &names);
}

/* The rows of the version table, kept as texts as the server would keep them. */
static inline void change_rows(Arena *arena, TextVec *rows, const RowChange *change)
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
static inline const char *rows_after(Arena *arena, const Graph *graph, const RevisionVec *start, TextVec rows,
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
static inline void check_order(Arena *arena, const Graph *graph, const RevisionVec *start, const Plan *plan)
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

static inline const char *steps_text(Arena *arena, const Plan *plan)
{
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < plan->steps.len; i++)
        sb_printf(&out, "%s%c%s", i ? " " : "", plan->direction == UPGRADE ? '+' : '-',
                  plan->steps.items[i]->id);
    return sb_done(&out);
}

#endif

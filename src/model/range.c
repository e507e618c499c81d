/* What a reader asks of a graph: ranges of the history, branch labels, branch points. */
#include "model/range.h"

#include <string.h>

#include "model/plan.h"

/* A branch point or a merge, where a label that comes from above ends. */
static bool is_crossing(const Revision *r)
{
    return r->users.len > 1 || r->parents.len > 1;
}

static void give_label(Arena *arena, const Graph *graph, Revision *from, const char *label, TextVec *labels)
{
    SCRATCH(tmp);
    RevSet above = set_new(&tmp, graph);
    bool plain = true;
    set_reach(above, graph, from, CHILDREN);
    for (size_t i = 0; i < graph->all.len; i++) {
        if (above[i])
            vec_push(arena, &labels[i], label);
        plain &= !above[i] || !is_crossing(graph->all.items[i]);
    }
    for (Revision *r = from; plain && r->parents.len && !is_crossing(r->parents.items[0]);) {
        r = r->parents.items[0];
        vec_push(arena, &labels[r->index], label);
    }
}

TextVec *graph_labels(Arena *arena, const Graph *graph)
{
    TextVec *labels = NULL;
    for (size_t i = 0; i < graph->all.len && !labels; i++)
        if (graph->all.items[i]->branch_labels.len)
            labels = NEWN(arena, TextVec, graph->all.len + 1);
    for (size_t i = 0; i < graph->all.len && labels; i++) /* a revision's own come first */
        for (size_t k = 0; k < graph->all.items[i]->branch_labels.len; k++)
            give_label(arena, graph, graph->all.items[i], graph->all.items[i]->branch_labels.items[k],
                       labels);
    return labels;
}

/* BRANCH@base:END is the part of END that carries the label; a branch named by a revision is its lineage. */
static RevisionVec ends_on_branch(Arena *arena, const Graph *graph, const RevRange *range)
{
    SCRATCH(tmp);
    RevisionVec kept = {0};
    const TextVec *labels = graph_labels(&tmp, graph);
    RevSet lineage = graph_lineage(&tmp, graph, range->branch);
    bool by_label = text_in(&range->branch->branch_labels, range->label);
    for (size_t i = 0; i < range->to.len; i++) {
        size_t index = range->to.items[i]->index;
        if (by_label ? text_in(&labels[index], range->label) : lineage[index])
            vec_push(arena, &kept, range->to.items[i]);
    }
    return kept;
}

static bool starts_below(const Graph *graph, const RevRange *range, const bool *needed, Err *err)
{
    SCRATCH(tmp);
    for (size_t i = 0; i < range->from.len; i++) {
        if (needed[range->from.items[i]->index])
            continue;
        err_fail(err, CMIG_ERR_TARGET, "the range is empty: %s does not stand on \"%s\"",
                 range->to.len ? revisions_text(&tmp, &range->to) : "base", range->from.items[i]->id);
        return err_hint(
            err, "START comes before END on the same line of revisions; `cmig history` shows the lines");
    }
    return refuse_overlap(graph, &range->from, CMIG_ERR_TARGET, "the starts of the range", err);
}

bool range_revisions(Arena *arena, const Graph *graph, const RevRange *range, RevisionVec *out, Err *err)
{
    SCRATCH(tmp);
    RevisionVec to = range->branch ? ends_on_branch(&tmp, graph, range) : range->to;
    RevSet picked = graph_needed_by(&tmp, graph, &to), before = graph_needed_by(&tmp, graph, &range->from),
           follows = set_new(&tmp, graph);
    if (!refuse_overlap(graph, &to, CMIG_ERR_TARGET, "the ends of the range", err) ||
        !starts_below(graph, range, picked, err))
        return false;
    for (size_t i = 0; i < range->from.len; i++) {
        before[range->from.items[i]->index] = false; /* both ends are part of the range */
        set_reach(follows, graph, range->from.items[i], CHILDREN);
    }
    for (size_t i = 0; i < graph->all.len; i++)
        picked[i] &= !before[i] && (range->from.len == 0 || follows[i]);
    *out = graph_order(arena, graph, picked);
    return true;
}

RevisionVec graph_branch_points(Arena *arena, const Graph *graph)
{
    SCRATCH(tmp);
    RevisionVec points = {0}, order = graph_order(&tmp, graph, set_all(&tmp, graph));
    while (order.len) {
        Revision *r = order.items[--order.len];
        if (r->children.len > 1)
            vec_push(arena, &points, r);
    }
    return points;
}

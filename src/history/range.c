/* What a reader asks of a graph: ranges of the history, branch labels, branch points. */
#include "history/range.h"

#include <string.h>

#include "history/plan.h"

/* A branch point or a merge, where a label that comes from above ends. */
static bool is_crossing(const Revision *r)
{
    return r->users.len > 1 || r->parents.len > 1;
}

static void add_labels(Arena *arena, TextVec *to, const TextVec *labels)
{
    for (size_t i = 0; i < labels->len; i++)
        if (!text_in(to, labels->items[i]))
            vec_push(arena, to, labels->items[i]);
}

/* Whether all that follows a revision, itself included, is one plain line. */
static bool *plain_lines(Arena *arena, const Graph *graph, const RevisionVec *order)
{
    bool *plain = set_new(arena, graph);
    for (size_t i = order->len; i-- > 0;) {
        const Revision *r = order->items[i];
        plain[r->index] = !is_crossing(r);
        for (size_t k = 0; k < r->children.len; k++)
            plain[r->index] &= plain[r->children.items[k]->index];
    }
    return plain;
}

TextVec *graph_labels(Arena *arena, const Graph *graph)
{
    SCRATCH(tmp);
    bool any = false;
    for (size_t i = 0; i < graph->all.len; i++)
        any |= graph->all.items[i]->branch_labels.len > 0;
    if (!any)
        return NULL;
    TextVec *labels = NEWN(arena, TextVec, graph->all.len + 1);
    RevisionVec order = graph_order(&tmp, graph, set_all(&tmp, graph));
    const bool *plain = plain_lines(&tmp, graph, &order);
    for (size_t i = 0; i < order.len; i++) { /* upwards: its own come first */
        const Revision *r = order.items[i];
        add_labels(arena, &labels[r->index], &r->branch_labels);
        for (size_t k = 0; k < r->parents.len; k++)
            add_labels(arena, &labels[r->index], &labels[r->parents.items[k]->index]);
    }
    for (size_t i = 0; i < order.len; i++) { /* downwards, along plain lines */
        const Revision *r = order.items[i];
        if (!r->branch_labels.len || !plain[r->index])
            continue;
        for (const Revision *at = r; at->parents.len && !is_crossing(at->parents.items[0]);) {
            at = at->parents.items[0];
            add_labels(arena, &labels[at->index], &r->branch_labels);
        }
    }
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
    return refuse_overlap(graph, &range->from, NEEDS, CMIG_ERR_TARGET, "the starts of the range", err);
}

/* What follows START only through depends_on would be left out, and with it the way to END. */
static bool ends_in_range(const Graph *graph, const RevisionVec *to, const bool *picked, Err *err)
{
    SCRATCH(tmp);
    RevSet reached = set_new(&tmp, graph);
    for (size_t i = 0; i < to->len; i++)
        if (picked[to->items[i]->index])
            set_reach(reached, graph, to->items[i], NEEDS);
    for (size_t i = 0; i < graph->all.len; i++)
        if (picked[i] && !reached[i]) {
            err_fail(err, CMIG_ERR_TARGET, "the range has no end: \"%s\" leads to %s only through depends_on",
                     graph->all.items[i]->id, revisions_text(&tmp, to));
            return err_hint(err, "a range follows down_revision; show :END instead");
        }
    return true;
}

bool range_revisions(Arena *arena, const Graph *graph, const RevRange *range, RevisionVec *out, Err *err)
{
    SCRATCH(tmp);
    RevisionVec to = range->branch ? ends_on_branch(&tmp, graph, range) : range->to;
    RevSet picked = graph_needed_by(&tmp, graph, &to), before = graph_needed_by(&tmp, graph, &range->from),
           follows = set_new(&tmp, graph);
    if (!refuse_overlap(graph, &to, NEEDS, CMIG_ERR_TARGET, "the ends of the range", err) ||
        !starts_below(graph, range, picked, err))
        return false;
    for (size_t i = 0; i < range->from.len; i++) {
        before[range->from.items[i]->index] = false; /* both ends are part of the range */
        set_reach(follows, graph, range->from.items[i], CHILDREN);
    }
    for (size_t i = 0; i < graph->all.len; i++)
        picked[i] &= !before[i] && (range->from.len == 0 || follows[i]);
    *out = graph_order(arena, graph, picked);
    return ends_in_range(graph, &to, picked, err);
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

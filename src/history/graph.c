/* The graph of all revisions: linking, checking, reaching, ordering; iterative, so that depth costs no stack.
 */
#include "history/graph.h"

#include <string.h>

static bool add_name(Graph *graph, const char *name, const char *what, Revision *revision, Err *err)
{
    const Revision *other = map_get(&graph->names, name);
    if (!revision_id_check(name, what, err))
        return err_at(err, revision->path, 0, 0);
    if (other == revision) {
        err_fail(err, CMIG_ERR_GRAPH, "%s \"%s\" is used twice", what, name);
        return err_at(err, revision->path, 0, 0);
    }
    if (other) {
        err_fail(err, CMIG_ERR_GRAPH, "%s \"%s\" is taken by another file: %s", what, name, other->path);
        err_hint(
            err,
            "ids and branch labels share one namespace; give one of the two another name, or delete a file "
            "that is there twice");
        return err_at(err, revision->path, 0, 0);
    }
    map_put(&graph->names, name, revision);
    return true;
}

static bool name_all(Graph *graph, Err *err)
{
    map_room(&graph->names, graph->all.len + 1);
    for (size_t i = 0; i < graph->all.len; i++)
        if (!add_name(graph, graph->all.items[i]->id, "revision", graph->all.items[i], err))
            return false;
    for (size_t i = 0; i < graph->all.len; i++) {
        Revision *r = graph->all.items[i];
        for (size_t k = 0; k < r->branch_labels.len; k++)
            if (!add_name(graph, r->branch_labels.items[k], "branch label", r, err))
                return false;
    }
    return true;
}

static bool missing(const Graph *graph, const Revision *r, const char *name, const char *key, Err *err)
{
    SCRATCH(tmp);
    TextVec ids = {0};
    for (size_t i = 0; i < graph->all.len; i++)
        vec_push(&tmp, &ids, graph->all.items[i]->id);
    const char *nearest = text_nearest(name, ids.items, ids.len);
    err_fail(err, CMIG_ERR_GRAPH, "revision \"%s\" has %s \"%s\", but no file defines it", r->id, key, name);
    if (nearest && strcmp(nearest, r->id) != 0)
        err_hint(err, "did you mean \"%s\"?", nearest);
    else
        err_hint(err, "bring that file back (perhaps it is on another git branch), or correct %s", key);
    return err_at(err, r->path, 0, 0);
}

Revision *graph_revision(const Graph *graph, const char *id)
{
    Revision *r = map_get(&graph->names, id);
    return r && strcmp(r->id, id) == 0 ? r : NULL;
}

bool vec_has(const RevisionVec *vec, const Revision *r)
{
    for (size_t i = 0; i < vec->len; i++)
        if (vec->items[i] == r)
            return true;
    return false;
}

static bool link_one(Arena *arena, Graph *graph, Revision *r, const TextVec *names, bool parent, Err *err)
{
    const char *key = parent ? "down_revision" : "depends_on";
    for (size_t i = 0; i < names->len; i++) {
        Revision *to = map_get(&graph->names, names->items[i]);
        if (!to || (parent && strcmp(to->id, names->items[i]) != 0)) /* a label is no down_revision */
            return missing(graph, r, names->items[i], key, err);
        if (to == r) {
            err_fail(err, CMIG_ERR_GRAPH, "revision \"%s\" has itself as %s", r->id, key);
            return err_at(err, r->path, 0, 0);
        }
        if (parent && !vec_has(&r->parents, to)) {
            vec_push(arena, &r->parents, to);
            vec_push(arena, &to->children, r);
        }
        if (!vec_has(&r->needs, to)) {
            vec_push(arena, &r->needs, to);
            vec_push(arena, &to->users, r);
        }
    }
    return true;
}

/* Every revision left over by Kahn's algorithm needs another one that is left over, so following those ends
 * in a circle. */
static bool tell_cycle(const Graph *graph, const size_t *left, Err *err)
{
    SCRATCH(tmp);
    RevSet seen = set_new(&tmp, graph);
    const Revision *r = NULL, *from;
    for (size_t i = 0; !r; i++)
        r = left[i] ? graph->all.items[i] : NULL;
    while (!seen[r->index]) {
        seen[r->index] = true;
        from = r;
        for (size_t i = 0; r == from; i++)
            r = left[from->needs.items[i]->index] ? from->needs.items[i] : r;
    }
    from = r;
    StrBuf ids = {.arena = &tmp}, files = {.arena = &tmp};
    size_t shown = 0;
    do {
        if (shown++ < 8) {
            sb_printf(&ids, "%s -> ", r->id);
            sb_printf(&files, "%s%s", files.len ? ", " : "", r->path);
        }
        const Revision *at = r;
        for (size_t i = 0; r == at; i++)
            r = left[at->needs.items[i]->index] ? at->needs.items[i] : r;
    } while (r != from);
    err_fail(err, CMIG_ERR_GRAPH, "the revisions stand on each other in a circle: %s%s%s", sb_done(&ids),
             shown > 8 ? "... -> " : "", from->id);
    err_hint(err, "correct down_revision or depends_on in one of %s", sb_done(&files));
    return err_at(err, from->path, 0, 0);
}

static bool refuse_cycles(const Graph *graph, Err *err)
{
    SCRATCH(tmp);
    size_t *left = NEWN(&tmp, size_t, graph->all.len), done = 0;
    RevisionVec ready = {0};
    for (size_t i = 0; i < graph->all.len; i++) {
        left[i] = graph->all.items[i]->needs.len;
        if (left[i] == 0)
            vec_push(&tmp, &ready, graph->all.items[i]);
    }
    while (ready.len) {
        const Revision *r = ready.items[--ready.len];
        done++;
        for (size_t i = 0; i < r->users.len; i++)
            if (--left[r->users.items[i]->index] == 0)
                vec_push(&tmp, &ready, r->users.items[i]);
    }
    return done == graph->all.len || tell_cycle(graph, left, err);
}

/* What an earlier graph, with fewer revisions, may have filled in. */
static void unlink_one(Revision *r, size_t index)
{
    r->index = index;
    r->parents = r->children = r->needs = r->users = (RevisionVec){0};
}

bool graph_build(Arena *arena, RevisionVec revisions, Graph *out, Err *err)
{
    Graph graph = {.all = revisions, .names = {.arena = arena}};
    for (size_t i = 0; i < revisions.len; i++)
        unlink_one(revisions.items[i], i);
    if (!name_all(&graph, err))
        return false;
    for (size_t i = 0; i < revisions.len; i++) {
        Revision *r = revisions.items[i];
        if (!link_one(arena, &graph, r, &r->down_revision, true, err) ||
            !link_one(arena, &graph, r, &r->depends_on, false, err))
            return false;
    }
    if (!refuse_cycles(&graph, err))
        return false;
    for (size_t i = 0; i < revisions.len; i++) {
        Revision *r = revisions.items[i];
        if (r->parents.len == 0)
            vec_push(arena, &graph.bases, r);
        if (r->children.len == 0)
            vec_push(arena, &graph.heads, r);
        if (r->users.len == 0)
            vec_push(arena, &graph.tips, r);
    }
    *out = graph;
    return true;
}

RevSet set_new(Arena *arena, const Graph *graph)
{
    return NEWN(arena, bool, graph->all.len + 1);
}

RevSet set_all(Arena *arena, const Graph *graph)
{
    RevSet all = set_new(arena, graph);
    memset(all, true, graph->all.len * sizeof *all);
    return all;
}

static const RevisionVec *along(const Revision *r, Edges edges)
{
    switch (edges) {
    case PARENTS: return &r->parents;
    case CHILDREN: return &r->children;
    case NEEDS: return &r->needs;
    case USERS: break;
    }
    return &r->users;
}

void set_reach(RevSet set, const Graph *graph, const Revision *start, Edges edges)
{
    SCRATCH(tmp);
    RevisionVec todo = {0};
    if (set[start->index])
        return;
    set[start->index] = true;
    vec_push(&tmp, &todo, graph->all.items[start->index]);
    while (todo.len) {
        const RevisionVec *next = along(todo.items[--todo.len], edges);
        for (size_t i = 0; i < next->len; i++) {
            Revision *r = next->items[i];
            if (!set[r->index])
                vec_push(&tmp, &todo, r);
            set[r->index] = true;
        }
    }
}

RevSet graph_needed_by(Arena *arena, const Graph *graph, const RevisionVec *revisions)
{
    RevSet needed = set_new(arena, graph);
    for (size_t i = 0; i < revisions->len; i++)
        set_reach(needed, graph, revisions->items[i], NEEDS);
    return needed;
}

RevSet graph_lineage(Arena *arena, const Graph *graph, const Revision *of)
{
    RevSet lineage = set_new(arena, graph);
    set_reach(lineage, graph, of, PARENTS);
    lineage[of->index] = false; /* or the second walk would stop at once */
    set_reach(lineage, graph, of, CHILDREN);
    return lineage;
}

/* Depth first, what a revision stands on before it. The last comes first, so that the order read backwards,
 * newest first as `history` shows it, begins with the first head and follows first parents. */
RevisionVec graph_order(Arena *arena, const Graph *graph, const bool *set)
{
    SCRATCH(tmp);
    typedef struct Visit {
        Revision *revision;
        size_t left; /* needs not yet looked at */
    } Visit;
    VEC(Visit) stack = {0};
    RevSet seen = set_new(&tmp, graph);
    RevisionVec order = {0};
    for (size_t i = graph->all.len; i-- > 0;) {
        Revision *root = graph->all.items[i];
        bool inner = false; /* something in the set stands on it, and will come to it */
        for (size_t k = 0; k < root->users.len; k++)
            inner |= set[root->users.items[k]->index];
        if (!set[i] || inner)
            continue;
        seen[i] = true;
        vec_push(&tmp, &stack, ((Visit){root, root->needs.len}));
        while (stack.len) {
            Visit *top = &stack.items[stack.len - 1];
            Revision *next = top->left ? top->revision->needs.items[--top->left] : NULL;
            if (!next) {
                vec_push(arena, &order, top->revision);
                stack.len--;
            } else if (set[next->index] && !seen[next->index]) {
                seen[next->index] = true;
                vec_push(&tmp, &stack, ((Visit){next, next->needs.len}));
            }
        }
    }
    return order;
}

RevisionVec graph_maximal(Arena *arena, const Graph *graph, const bool *set)
{
    RevisionVec rows = {0};
    for (size_t i = 0; i < graph->all.len; i++) {
        Revision *r = graph->all.items[i];
        bool covered = false;
        for (size_t k = 0; k < r->users.len; k++)
            covered |= set[r->users.items[k]->index];
        if (set[i] && !covered)
            vec_push(arena, &rows, r);
    }
    return rows;
}

/* The target grammar: parsing a spec and looking it up in a graph. */
#include "model/revspec.h"

#include <string.h>

static const char *short_message(Arena *arena, const char *message)
{
    char text[44];
    err_copy(text, sizeof text, message);
    return arena_strdup(arena, text);
}

const char *revisions_text(Arena *arena, const RevisionVec *revisions)
{
    enum { SHOWN = 6 };
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < revisions->len && i < SHOWN; i++) {
        const Revision *r = revisions->items[i];
        sb_printf(&out, "%s%s", i ? ", " : "", r->id);
        if (*r->message)
            sb_printf(&out, " (%s)", short_message(arena, r->message));
    }
    if (revisions->len > SHOWN)
        sb_printf(&out, " and %zu more", revisions->len - SHOWN);
    return sb_done(&out);
}

/* ------------------------------------------------------------------ parsing */

/* A trailing +N or -N, N from 1; ids hold neither sign, so the last sign begins it. */
static bool take_steps(Str *text, RevSpec *spec)
{
    size_t sign = text->len, steps;
    while (sign > 0 && text->data[sign - 1] != '+' && text->data[sign - 1] != '-')
        sign--;
    if (sign == 0)
        return true;
    if (!str_to_size((Str){text->data + sign, text->len - sign}, &steps) || steps == 0 || steps > 1000000000)
        return false;
    spec->relative = true;
    spec->steps = text->data[sign - 1] == '-' ? -(long)steps : (long)steps;
    text->len = sign - 1;
    return true;
}

bool revspec_parse(Arena *arena, const char *text, RevSpec *out, Err *err)
{
    RevSpec spec = {.text = text};
    StrCut at = str_cut(str_of(text), '@');
    Str name = at.found ? at.tail : at.head;
    if (strchr(text, ':')) {
        err_fail(err, CMIG_ERR_TARGET, "\"%s\" is a range, and a range is not a target here", text);
        return err_hint(err, "name the one revision to stop at, such as \"%s\"", strrchr(text, ':') + 1);
    }
    if (at.found)
        spec.branch = arena_strndup(arena, at.head.data, at.head.len);
    if (!take_steps(&name, &spec) || (at.found && at.head.len == 0) || (name.len == 0 && !spec.relative)) {
        err_fail(err, CMIG_ERR_TARGET, "\"%s\" is not a target", text);
        return err_hint(
            err,
            "a target is head, heads, base, a revision id or the start of one, or +N or -N with N from 1");
    }
    if (name.len)
        spec.name = arena_strndup(arena, name.data, name.len);
    *out = spec;
    return true;
}

/* ------------------------------------------------------------------ names */

static bool unknown_name(const Graph *graph, const char *name, Err *err)
{
    SCRATCH(tmp);
    TextVec names = {0};
    for (size_t i = 0; i < graph->all.len; i++) {
        vec_push(&tmp, &names, graph->all.items[i]->id);
        for (size_t k = 0; k < graph->all.items[i]->branch_labels.len; k++)
            vec_push(&tmp, &names, graph->all.items[i]->branch_labels.items[k]);
    }
    static const char *const words[] = {"head", "heads", "base"};
    for (size_t i = 0; i < COUNT(words); i++)
        vec_push(&tmp, &names, words[i]);
    const char *nearest = text_nearest(name, names.items, names.len);
    err_fail(err, CMIG_ERR_TARGET, "no revision \"%s\"", name);
    if (nearest)
        return err_hint(err, "did you mean \"%s\"? `cmig history` lists all revisions", nearest);
    return err_hint(err, "`cmig history` lists all revisions");
}

static bool starts_name(const Revision *r, Str prefix)
{
    bool starts = str_starts(str_of(r->id), prefix);
    for (size_t i = 0; i < r->branch_labels.len; i++)
        starts |= str_starts(str_of(r->branch_labels.items[i]), prefix);
    return starts;
}

/* A name, or a prefix that only one revision has; with a lineage, only one revision in it. */
static bool find_in(const Graph *graph, const char *name, const bool *lineage, Revision **out, Err *err)
{
    SCRATCH(tmp);
    *out = map_get(&graph->names, name);
    if (*out)
        return true;
    RevisionVec found = {0};
    for (size_t i = 0; i < graph->all.len && *name; i++)
        if ((!lineage || lineage[i]) && starts_name(graph->all.items[i], str_of(name)))
            vec_push(&tmp, &found, graph->all.items[i]);
    if (found.len > 1) {
        err_fail(err, CMIG_ERR_TARGET, "\"%s\" is the start of %zu revisions: %s", name, found.len,
                 revisions_text(&tmp, &found));
        return err_hint(err, "write more of the id");
    }
    if (found.len == 0)
        return unknown_name(graph, name, err);
    *out = found.items[0];
    return true;
}

bool revspec_find(const Graph *graph, const char *name, Revision **out, Err *err)
{
    return find_in(graph, name, NULL, out, err);
}

static bool find_branch(const Graph *graph, const char *name, Revision **out, Err *err)
{
    *out = NULL;
    if (!name || revspec_find(graph, name, out, err))
        return true;
    err->message[0] = '\0';
    err_copy(err->message, sizeof err->message, "no branch");
    return err_while(err, "\"%s\"", name);
}

/* The members of a list in the lineage of a branch; all of them where there is no branch. */
static RevisionVec in_branch(Arena *arena, const Graph *graph, const RevisionVec *revisions,
                             const Revision *branch)
{
    SCRATCH(tmp);
    RevisionVec kept = {0};
    RevSet lineage = branch ? graph_lineage(&tmp, graph, branch) : NULL;
    for (size_t i = 0; i < revisions->len; i++)
        if (!lineage || lineage[revisions->items[i]->index])
            vec_push(arena, &kept, revisions->items[i]);
    return kept;
}

static bool several_heads(const RevSpec *spec, const RevisionVec *heads, Err *err)
{
    SCRATCH(tmp);
    err_fail(err, CMIG_ERR_TARGET, "\"%s\" is not one revision: there are %zu heads: %s", spec->text,
             heads->len, revisions_text(&tmp, heads));
    return err_hint(err, "name one of them, or say \"heads\" for all");
}

/* Absolute specs. Nothing in out means base. */
static bool resolve(Arena *arena, const Graph *graph, const RevSpec *spec, const char *branch_name,
                    RevisionVec *out, Err *err)
{
    Revision *branch = NULL, *found = NULL;
    const char *name = spec->name ? spec->name : "";
    *out = (RevisionVec){0};
    if (!find_branch(graph, branch_name, &branch, err))
        return false;
    if (strcmp(name, "base") == 0)
        return true;
    if (strcmp(name, "heads") == 0) {
        *out = branch ? in_branch(arena, graph, &graph->heads, branch) : graph->tips;
        return true;
    }
    if (strcmp(name, "head") == 0) {
        *out = in_branch(arena, graph, &graph->heads, branch);
        return out->len <= 1 || several_heads(spec, out, err);
    }
    SCRATCH(tmp);
    RevSet lineage = branch ? graph_lineage(&tmp, graph, branch) : NULL;
    if (!find_in(graph, name, lineage, &found, err))
        return false;
    if (lineage && !lineage[found->index])
        return err_fail(err, CMIG_ERR_TARGET, "revision \"%s\" is not on the branch \"%s\"", found->id,
                        branch_name);
    vec_push(arena, out, found);
    return true;
}

/* The one revision of an absolute spec; NULL is base. */
static bool resolve_one(Arena *arena, const Graph *graph, const RevSpec *spec, const char *branch,
                        Revision **out, Err *err)
{
    RevisionVec found;
    if (!resolve(arena, graph, spec, branch, &found, err))
        return false;
    if (found.len > 1)
        return several_heads(spec, &found, err);
    *out = found.len ? found.items[0] : NULL;
    return true;
}

/* ------------------------------------------------------------------ walking */

static bool out_of_range(const RevSpec *spec, long walked, Err *err)
{
    err_fail(err, CMIG_ERR_TARGET, "\"%s\" goes too far: there are only %ld revisions that way", spec->text,
             walked);
    return err_hint(err, spec->steps > 0 ? "say \"head\" to go to the end"
                                         : "say \"base\" to go back to the start");
}

static bool ambiguous_walk(const RevSpec *spec, const Revision *at, const RevisionVec *next, Err *err)
{
    SCRATCH(tmp);
    err_fail(err, CMIG_ERR_TARGET, "\"%s\" is ambiguous: %s%s has %zu %s: %s", spec->text,
             at ? "revision " : "base", at ? at->id : "", next->len, spec->steps > 0 ? "children" : "parents",
             revisions_text(&tmp, next));
    return err_hint(err, "name the revision to stop at");
}

/* Upwards along down_revision; at NULL is below every base. Within a branch, forks follow it. */
static bool walk_up(Arena *arena, const Graph *graph, const RevSpec *spec, Revision *at,
                    const Revision *branch, Revision **out, Err *err)
{
    for (long walked = 0; walked < spec->steps; walked++) {
        RevisionVec next = in_branch(arena, graph, at ? &at->children : &graph->bases, branch);
        if (next.len == 0)
            return out_of_range(spec, walked, err);
        if (next.len > 1)
            return ambiguous_walk(spec, at, &next, err);
        at = next.items[0];
    }
    *out = at;
    return true;
}

/* Downwards along down_revision; *out NULL is base. */
static bool walk_down(const RevSpec *spec, Revision *at, Revision **out, Err *err)
{
    for (long walked = 0; walked < -spec->steps; walked++) {
        if (!at)
            return out_of_range(spec, walked, err);
        if (at->parents.len > 1)
            return ambiguous_walk(spec, at, &at->parents, err);
        at = at->parents.len ? at->parents.items[0] : NULL;
    }
    *out = at;
    return true;
}

/* The members of a set on a branch that no other such member stands on, by the edges given. */
static RevisionVec tips_in_branch(Arena *arena, const Graph *graph, const bool *set, const Revision *branch,
                                  Edges edges)
{
    SCRATCH(tmp);
    RevSet lineage = graph_lineage(&tmp, graph, branch);
    RevisionVec tips = {0};
    for (size_t i = 0; i < graph->all.len; i++) {
        Revision *r = graph->all.items[i];
        const RevisionVec *above = edges == USERS ? &r->users : &r->children;
        bool covered = false;
        for (size_t k = 0; k < above->len; k++)
            covered |= set[above->items[k]->index] && (edges == CHILDREN || lineage[above->items[k]->index]);
        if (set[i] && lineage[i] && !covered)
            vec_push(arena, &tips, r);
    }
    return tips;
}

static bool several_rows(const RevSpec *spec, const RevisionVec *rows, Err *err)
{
    SCRATCH(tmp);
    err_fail(err, CMIG_ERR_TARGET, "\"%s\" is ambiguous: the database is at %zu revisions: %s", spec->text,
             rows->len, revisions_text(&tmp, rows));
    return err_hint(err, "name the revision to stop at");
}

/* ------------------------------------------------------------------ targets */

bool revspec_upgrade(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                     RevisionVec *out, Err *err)
{
    RevSpec spec = {0};
    Revision *branch = NULL, *at = NULL;
    if (!revspec_parse(arena, target, &spec, err))
        return false;
    if (!spec.relative)
        return resolve(arena, graph, &spec, spec.branch, out, err);
    if (!find_branch(graph, spec.branch, &branch, err))
        return false;
    if (spec.name) {
        if (!resolve_one(arena, graph, &spec, spec.steps < 0 ? spec.branch : NULL, &at, err))
            return false;
    } else if (spec.steps < 0) {
        err_fail(err, CMIG_ERR_TARGET, "an upgrade cannot go back: \"%s\"", target);
        return err_hint(err, "use `cmig downgrade -- %s`", target);
    } else {
        RevisionVec start = in_branch(arena, graph, rows, branch);
        if (branch && start.len == 0)
            start = tips_in_branch(arena, graph, graph_needed_by(arena, graph, rows), branch, USERS);
        if (start.len > 1)
            return several_rows(&spec, &start, err);
        at = start.len ? start.items[0] : NULL;
    }
    bool walked =
        spec.steps < 0 ? walk_down(&spec, at, &at, err) : walk_up(arena, graph, &spec, at, branch, &at, err);
    *out = (RevisionVec){0};
    if (walked && !at)
        return out_of_range(&spec, -spec.steps - 1, err);
    if (walked)
        vec_push(arena, out, at);
    return walked;
}

/* -N: from the one row, or the one that a branch names; that row is then the branch whose side is undone. */
static bool downgrade_from_here(Arena *arena, const Graph *graph, const RevSpec *spec,
                                const RevisionVec *rows, DowngradeTarget *out, Err *err)
{
    RevisionVec here = in_branch(arena, graph, rows, out->branch);
    if (out->branch && here.len == 0)
        here = tips_in_branch(arena, graph, graph_needed_by(arena, graph, rows), out->branch, CHILDREN);
    if (here.len > 1)
        return several_rows(spec, &here, err);
    if (here.len == 0)
        return out_of_range(spec, 0, err);
    if (!out->branch)
        out->branch = here.items[0];
    return walk_down(spec, here.items[0], &out->to, err);
}

bool revspec_downgrade(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                       DowngradeTarget *out, Err *err)
{
    RevSpec spec = {0};
    *out = (DowngradeTarget){0};
    if (!revspec_parse(arena, target, &spec, err) || !find_branch(graph, spec.branch, &out->branch, err))
        return false;
    if (!spec.relative)
        return resolve_one(arena, graph, &spec, spec.branch, &out->to, err);
    if (!spec.name && spec.steps < 0)
        return downgrade_from_here(arena, graph, &spec, rows, out, err);
    if (!spec.name) {
        err_fail(err, CMIG_ERR_TARGET, "a downgrade cannot go forward: \"%s\"", target);
        return err_hint(err, "use `cmig upgrade %s`, or `cmig downgrade -%ld` to go back", target,
                        spec.steps);
    }
    if (!resolve_one(arena, graph, &spec, spec.steps < 0 ? spec.branch : NULL, &out->to, err))
        return false;
    return spec.steps < 0 ? walk_down(&spec, out->to, &out->to, err)
                          : walk_up(arena, graph, &spec, out->to, out->branch, &out->to, err);
}

bool revspec_single_head(const Graph *graph, Revision **out, Err *err)
{
    SCRATCH(tmp);
    if (graph->heads.len > 1) {
        err_fail(err, CMIG_ERR_TARGET, "there are %zu heads, and a new revision needs one to go on: %s",
                 graph->heads.len, revisions_text(&tmp, &graph->heads));
        return err_hint(err,
                        "join them first: a revision whose down_revision is a list of the heads, "
                        "such as down_revision: [%s, %s]",
                        graph->heads.items[0]->id, graph->heads.items[1]->id);
    }
    *out = graph->heads.len ? graph->heads.items[0] : NULL;
    return true;
}

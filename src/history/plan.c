/* The plan: from a graph, the version table's rows and a target to steps and row changes. */
#include "history/plan.h"

#include <string.h>

#include "history/revspec.h"

bool plan_rows(Arena *arena, const Graph *graph, const TextVec *version_nums, RevisionVec *out, Err *err)
{
    RevisionVec rows = {0};
    for (size_t i = 0; i < version_nums->len; i++) {
        Revision *r = graph_revision(graph, version_nums->items[i]);
        if (!r) {
            err_fail(err, CMIG_ERR_STATE, "the database is at revision \"%s\", but no file here defines it",
                     version_nums->items[i]);
            return err_hint(
                err,
                "a newer checkout probably put it there: bring these files up to date (git pull), or "
                "run this command from the checkout that has the revision; an older application can "
                "keep running if that revision was made to be compatible with it; to undo it without the "
                "file: cmig downgrade --from-log TARGET; if you know where the database is: cmig stamp "
                "--purge REVISION");
        }
        vec_push(arena, &rows, r);
    }
    *out = rows;
    return true;
}

/* Two revisions of which one stands on the other are one state said twice, and no target. */
bool refuse_overlap(const Graph *graph, const RevisionVec *revisions, Edges by, CmigErrorCode code,
                    const char *what, Err *err)
{
    SCRATCH(tmp);
    const bool direct = by == PARENTS;
    RevSet below = set_new(&tmp, graph); /* what any of them stands on */
    for (size_t i = 0; i < revisions->len; i++) {
        const RevisionVec *next = direct ? &revisions->items[i]->parents : &revisions->items[i]->needs;
        for (size_t k = 0; k < next->len; k++)
            set_reach(below, graph, next->items[k], by);
    }
    for (size_t i = 0; i < revisions->len; i++) {
        if (!below[revisions->items[i]->index])
            continue;
        RevSet above = set_new(&tmp, graph);
        set_reach(above, graph, revisions->items[i], direct ? CHILDREN : USERS);
        for (size_t k = 0; k < revisions->len; k++)
            if (k != i && above[revisions->items[k]->index])
                return err_fail(err, code, "%s overlap: \"%s\" stands on \"%s\"", what,
                                revisions->items[k]->id, revisions->items[i]->id);
    }
    return true;
}

static bool plan_upgrade(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                         Plan *plan, Err *err)
{
    SCRATCH(tmp);
    RevisionVec targets;
    if (!revspec_upgrade(&tmp, graph, target, rows, &targets, err) ||
        !refuse_overlap(graph, &targets, NEEDS, CMIG_ERR_TARGET, "the targets", err))
        return false;
    RevSet applied = graph_needed_by(&tmp, graph, rows), wanted = graph_needed_by(&tmp, graph, &targets);
    for (size_t i = 0; i < graph->all.len; i++)
        wanted[i] &= !applied[i];
    plan->steps = graph_order(arena, graph, wanted);
    if (graph->all.len == 0)
        plan->nothing = "there are no revisions yet";
    else if (targets.len == 0)
        plan->nothing = "an upgrade to base is nothing; to go back, use `cmig downgrade base`";
    else
        plan->nothing = arena_printf(arena, "%s is applied already", revisions_text(&tmp, &targets));
    return true;
}

/* Of the children of the target, those on the side of a branch. */
static bool roots_of(Arena *arena, const Graph *graph, const DowngradeTarget *target, RevisionVec *out,
                     Err *err)
{
    const RevisionVec *roots = target->to ? &target->to->children : &graph->bases;
    RevisionVec kept = {0};
    if (!target->branch || roots->len < 2) {
        *out = *roots;
        return true;
    }
    RevSet below = set_new(arena, graph);
    set_reach(below, graph, target->branch, PARENTS);
    for (size_t i = 0; i < roots->len; i++)
        if (below[roots->items[i]->index])
            vec_push(arena, &kept, roots->items[i]);
    *out = kept;
    return kept.len || err_fail(err, CMIG_ERR_TARGET, "\"%s\" is not below the branch \"%s\"",
                                target->to ? target->to->id : "base", target->branch->id);
}

static bool not_applied(const Revision *to, const RevisionVec *rows, Err *err)
{
    SCRATCH(tmp);
    err_fail(err, CMIG_ERR_TARGET, "cannot go back to \"%s\": it is not applied; the database is at %s",
             to->id, rows->len ? revisions_text(&tmp, rows) : "base, with nothing applied");
    return err_hint(err, "to go forward to it, use `cmig upgrade %s`", to->id);
}

/* A dependency has no row of its own, so the message names the revisions that keep it applied. */
static const char *nothing_above(Arena *arena, const Revision *to, const bool *applied)
{
    SCRATCH(tmp);
    RevisionVec dependents = {0};
    for (size_t i = 0; i < to->users.len; i++)
        if (applied[to->users.items[i]->index] && !vec_has(&to->children, to->users.items[i]))
            vec_push(&tmp, &dependents, to->users.items[i]);
    if (dependents.len == 0)
        return arena_printf(arena, "nothing above %s is applied", to->id);
    return arena_printf(arena, "nothing above %s is applied; these applied revisions depend on it: %s",
                        to->id, revisions_text(&tmp, &dependents));
}

static bool plan_downgrade(Arena *arena, const Graph *graph, const char *text, const RevisionVec *rows,
                           Plan *plan, Err *err)
{
    SCRATCH(tmp);
    DowngradeTarget target;
    RevisionVec roots;
    if (!revspec_downgrade(&tmp, graph, text, rows, &target, err) ||
        !roots_of(&tmp, graph, &target, &roots, err))
        return false;
    RevSet applied = graph_needed_by(&tmp, graph, rows), undone = set_new(&tmp, graph);
    if (target.to && !applied[target.to->index])
        return not_applied(target.to, rows, err);
    for (size_t i = 0; i < roots.len; i++)
        set_reach(undone, graph, roots.items[i], USERS);
    for (size_t i = 0; i < graph->all.len; i++)
        undone[i] &= applied[i];
    RevisionVec forward = graph_order(&tmp, graph, undone);
    while (forward.len)
        vec_push(arena, &plan->steps, forward.items[--forward.len]);
    plan->nothing = target.to ? nothing_above(arena, target.to, applied) : "nothing is applied";
    return true;
}

bool plan_make(Arena *arena, const Graph *graph, Direction direction, const char *target,
               const RevisionVec *rows, Plan *out, Err *err)
{
    Plan plan = {.direction = direction};
    if (direction == UPGRADE &&
        !refuse_overlap(graph, rows, NEEDS, CMIG_ERR_STATE, "the rows of the version table", err))
        return err_hint(err,
                        "a stamp of the later revision removes the superfluous row: cmig stamp REVISION");
    bool made = direction == UPGRADE ? plan_upgrade(arena, graph, target, rows, &plan, err)
                                     : plan_downgrade(arena, graph, target, rows, &plan, err);
    if (plan.steps.len)
        plan.nothing = NULL;
    if (made)
        *out = plan;
    return made;
}

AppliedState state_of(Arena *arena, const Graph *graph, const RevisionVec *rows)
{
    AppliedState state = {graph_needed_by(arena, graph, rows), NEWN(arena, size_t, graph->all.len + 1), {0}};
    for (size_t i = 0; i < graph->all.len; i++)
        for (size_t k = 0; k < graph->all.items[i]->users.len; k++)
            state.standing[i] += state.applied[graph->all.items[i]->users.items[k]->index];
    for (size_t i = 0; i < rows->len; i++)
        if (state.standing[rows->items[i]->index] > 0)
            vec_push(arena, &state.superfluous, rows->items[i]);
    return state;
}

static bool is_row(const AppliedState *state, const Revision *r)
{
    return state->applied[r->index] && state->standing[r->index] == 0;
}

/* Only a step's own revision and those it stands on can become or cease to be rows. */
static RevisionVec touched_by(Arena *arena, const Plan *plan, size_t from, size_t to)
{
    RevisionVec touched = {0};
    for (size_t i = from; i < to; i++) {
        Revision *r = plan->steps.items[i];
        vec_push(arena, &touched, r);
        for (size_t k = 0; k < r->needs.len; k++)
            vec_push(arena, &touched, r->needs.items[k]);
    }
    return touched;
}

RowChange state_run(Arena *arena, AppliedState *state, const Plan *plan, size_t from, size_t to)
{
    SCRATCH(tmp);
    RevisionVec touched = touched_by(&tmp, plan, from, to);
    for (size_t i = 0; i < state->superfluous.len; i++)
        vec_push(&tmp, &touched, state->superfluous.items[i]);
    bool *before = NEWN(&tmp, bool, touched.len + 1);
    for (size_t i = 0; i < touched.len; i++)
        before[i] = is_row(state, touched.items[i]) || vec_has(&state->superfluous, touched.items[i]);
    state->superfluous.len = 0;
    for (size_t i = from; i < to; i++) {
        const Revision *r = plan->steps.items[i];
        bool up = plan->direction == UPGRADE;
        state->applied[r->index] = up;
        for (size_t k = 0; k < r->needs.len; k++)
            state->standing[r->needs.items[k]->index] += up ? 1 : (size_t)-1;
    }
    RowChange change = {0};
    Map seen = {.arena = &tmp};
    for (size_t i = 0; i < touched.len; i++) {
        Revision *r = touched.items[i];
        bool now = is_row(state, r);
        if (now == before[i] || map_get(&seen, r->id))
            continue;
        map_put(&seen, r->id, r);
        vec_push(arena, now ? &change.added : &change.removed, r);
    }
    return change;
}

/* ------------------------------------------------------------------ stamps */

/* What a revision stands on and what stands on it, itself included. */
static RevSet whole_lineage(Arena *arena, const Graph *graph, const Revision *of)
{
    RevSet lineage = set_new(arena, graph);
    set_reach(lineage, graph, of, NEEDS);
    lineage[of->index] = false; /* or the second walk would stop at once */
    set_reach(lineage, graph, of, USERS);
    return lineage;
}

static void remove_rows(RevSet gone, const RevisionVec *rows, const bool *lineage)
{
    for (size_t i = 0; i < rows->len; i++)
        gone[rows->items[i]->index] |= !lineage || lineage[rows->items[i]->index];
}

bool plan_stamp(Arena *arena, const Graph *graph, const TextVec *targets, const RevisionVec *rows,
                RowChange *out, Err *err)
{
    SCRATCH(tmp);
    RevisionVec wanted = {0};
    RevSet gone = set_new(&tmp, graph), there = set_new(&tmp, graph);
    for (size_t i = 0; i < targets->len; i++) {
        RevisionVec found = {0};
        Revision *branch = NULL;
        if (!revspec_stamp(&tmp, graph, targets->items[i], rows, &found, &branch, err))
            return false;
        for (size_t k = 0; k < found.len; k++)
            vec_push(&tmp, &wanted, found.items[k]);
        if (found.len == 0) /* base */
            remove_rows(gone, rows, branch ? whole_lineage(&tmp, graph, branch) : NULL);
    }
    if (!refuse_overlap(graph, &wanted, NEEDS, CMIG_ERR_TARGET, "the targets", err))
        return err_hint(err, "name only the later of the two: it implies the other");
    RevSet below = graph_needed_by(&tmp, graph, &wanted), above = set_new(&tmp, graph);
    for (size_t i = 0; i < wanted.len; i++)
        set_reach(above, graph, wanted.items[i], USERS);
    remove_rows(gone, rows, below);
    remove_rows(gone, rows, above);
    RowChange change = {0};
    for (size_t i = 0; i < rows->len; i++)
        there[rows->items[i]->index] = true;
    for (size_t i = 0; i < wanted.len; i++) {
        Revision *r = wanted.items[i];
        gone[r->index] = false;
        if (!there[r->index])
            vec_push(arena, &change.added, r);
        there[r->index] = true;
    }
    for (size_t i = 0; i < rows->len; i++)
        if (gone[rows->items[i]->index])
            vec_push(arena, &change.removed, rows->items[i]);
    *out = change;
    return true;
}

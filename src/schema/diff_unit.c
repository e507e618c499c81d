/* Which steps of an online plan share a transaction of their own: what locks a table for longer than a
 * moment, with what is dropped for it and made again behind it. */
#include <string.h>

#include "schema/differ.h"

typedef VEC(size_t) SizeVec;

typedef struct Units {
    Arena *arena;
    const Schema *to;
    DiffStep *const *steps;
    size_t len;
    size_t *unit;    /* by step: the first step of its unit, or itself */
    size_t *next_in; /* by step: the next one of its unit, in a ring */
    SizeVec *before; /* by step: those that come before it */
} Units;

static void unite(const Units *units, size_t a, size_t b)
{
    size_t from = units->unit[a], to = units->unit[b];
    if (from == to)
        return;
    if (from < to) {
        size_t other = from;
        from = to;
        to = other;
    }
    size_t at = from;
    do {
        units->unit[at] = to;
        at = units->next_in[at];
    } while (at != from);
    size_t next = units->next_in[to];
    units->next_in[to] = units->next_in[from];
    units->next_in[from] = next;
}

/* ------------------------------------------------------------------ what comes before what */

static void visit(const Units *units, size_t step, bool *seen, SizeVec *work)
{
    for (size_t at = step; !seen[at]; at = units->next_in[at]) {
        seen[at] = true;
        vec_push(units->arena, work, at);
    }
}

/* Marks the steps of a unit, and all that come after them, or before; units go as a whole. */
static bool *reach(const Units *units, Arena *arena, size_t start, bool forward)
{
    bool *seen = NEWN(arena, bool, units->len);
    SizeVec work = {0};
    visit(units, start, seen, &work);
    while (work.len) {
        size_t at = work.items[--work.len];
        const DiffStep *step = units->steps[at];
        if (forward)
            for (size_t i = 0; i < step->next.len; i++)
                visit(units, step->next.items[i]->place, seen, &work);
        else
            for (size_t i = 0; i < units->before[at].len; i++)
                visit(units, units->before[at].items[i], seen, &work);
    }
    return seen;
}

/* ------------------------------------------------------------------ what belongs together */

/* CASCADE, SET NULL and SET DEFAULT change rows. */
static bool only_checks(const Object *foreign_key)
{
    static const char *const acts[] = {" DELETE CASCADE", " DELETE SET", " UPDATE CASCADE", " UPDATE SET"};
    for (size_t i = 0; i < COUNT(acts); i++)
        if (strstr(foreign_key->def, acts[i]))
            return false;
    return true;
}

/* Indexes and keys are built beside the table, which takes its time, and so does filling a materialized view.
 * A foreign key locks two tables: where it only checks, its validation finds what has come meanwhile. */
static bool stays_apart(const Object *object)
{
    return object->kind == KIND_matview || is_index(object) ||
           (object->kind == KIND_constraint &&
            (object->index_def || (object_is(object, 'F') && only_checks(object))));
}

/* Twins are those of the last comparison, which may have been another one. */
static const Object *wanted(const Units *units, const DiffStep *step)
{
    bool of_new = step->verb == VERB_CREATE || step->verb == VERB_ALTER;
    return of_new ? step->object : schema_find(units->to, step->object->kind, step->object->ident);
}

static bool needs_matview(const Object *object, int depth)
{
    enum { DEEPEST = 4 };
    for (size_t i = 0; i < object->needs.len && depth < DEEPEST; i++) {
        const Object *needed = object->needs.items[i];
        if (needed->kind == KIND_matview || (needed->parent && needed->parent->kind == KIND_matview) ||
            (needed != object->parent && needs_matview(needed, depth + 1)))
            return true;
    }
    return false;
}

/* What is dropped, or renamed, before the step and is made again behind it would be missing meanwhile. */
static void unite_around(const Units *units, size_t slow, size_t *first_of)
{
    SCRATCH(tmp);
    const bool *after = reach(units, &tmp, slow, true), *before = reach(units, &tmp, slow, false);
    for (size_t i = 0; i < units->len; i++) {
        const Object *object = wanted(units, units->steps[i]);
        if (object && before[i] && !after[i])
            first_of[object->index] = i + 1;
    }
    for (size_t i = 0; i < units->len; i++) {
        const Object *object = wanted(units, units->steps[i]);
        if (!object || !after[i] || before[i] || !first_of[object->index] || stays_apart(object) ||
            needs_matview(object, 0))
            continue;
        unite(units, slow, i);
        unite(units, slow, first_of[object->index] - 1);
    }
    for (size_t i = 0; i < units->len; i++)
        if (wanted(units, units->steps[i]))
            first_of[wanted(units, units->steps[i])->index] = 0;
}

/* What has to come between two of a unit belongs to it. */
static bool unite_between(const Units *units, size_t start)
{
    SCRATCH(tmp);
    const bool *after = reach(units, &tmp, start, true), *before = reach(units, &tmp, start, false);
    bool more = false;
    for (size_t i = 0; i < units->len; i++)
        if (after[i] && before[i] && units->unit[i] != units->unit[start]) {
            unite(units, start, i);
            more = true;
        }
    return more;
}

/* ------------------------------------------------------------------ the order */

/* Each unit in one piece, and everything else where it was, as far as that goes. */
static void sort_units(Arena *arena, const Units *units, Diff *out)
{
    size_t *waits = NEWN(units->arena, size_t, units->len);
    bool *given = NEWN(units->arena, bool, units->len);
    for (size_t i = 0; i < units->len; i++)
        for (size_t k = 0; k < units->before[i].len; k++)
            waits[units->unit[i]] += units->unit[units->before[i].items[k]] != units->unit[i];
    while (out->steps.len < units->len) {
        size_t unit = 0;
        while (unit < units->len && (given[unit] || units->unit[unit] != unit || waits[unit]))
            unit++;
        for (size_t i = 0; unit == units->len && i < unit; i++)
            if (!given[i]) /* a circle: the trial says what is wrong */
                unit = units->unit[i];
        for (size_t i = unit; i < units->len; i++) {
            if (units->unit[i] != unit)
                continue;
            given[i] = true;
            vec_push(arena, &out->steps, units->steps[i]);
            for (size_t k = 0; k < units->steps[i]->next.len; k++) {
                size_t next = units->unit[units->steps[i]->next.items[k]->place];
                waits[next] -= next != unit;
            }
        }
    }
}

static void find_before(Units *units, const Diff *diff)
{
    for (size_t i = 0; i < units->len; i++)
        diff->steps.items[i]->place = i;
    for (size_t i = 0; i < units->len; i++)
        for (size_t k = 0; k < units->steps[i]->next.len; k++)
            vec_push(units->arena, &units->before[units->steps[i]->next.items[k]->place], i);
}

/* If a new column gets its default in a later step, both share a transaction: rows that are inserted between
 * them would not have the value. */
static void unite_default(const Units *units, size_t slow)
{
    for (size_t i = 0; i < units->len; i++) {
        const DiffStep *step = units->steps[i];
        if (step->verb != VERB_CREATE || step->object->kind != KIND_default)
            continue;
        for (size_t k = 0; k < units->len; k++) {
            const DiffStep *add = units->steps[k];
            if (add->verb == VERB_CREATE && add->object == step->object->parent &&
                (add->joined ? add->joined : add) == units->steps[slow])
                unite(units, slow, i);
        }
    }
}

/* The slow ones, and with each what it needs around it. */
static void find_units(Units *units, const SizeVec *slow, const Schema *to)
{
    size_t *first_of = NEWN(units->arena, size_t, to->all.len + 1);
    units->unit = NEWN(units->arena, size_t, units->len);
    units->next_in = NEWN(units->arena, size_t, units->len);
    for (size_t i = 0; i < units->len; i++)
        units->unit[i] = units->next_in[i] = i;
    for (size_t i = 0; i < slow->len; i++)
        unite_around(units, slow->items[i], first_of);
    for (size_t i = 0; i < slow->len; i++)
        unite_default(units, slow->items[i]);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < slow->len; i++)
            more |= unite_between(units, slow->items[i]);
    }
}

void diff_units(Arena *arena, const Diff *diff, const Schema *to,
                bool (*is_slow)(void *context, const DiffStep *step), void *context, Diff *out)
{
    SCRATCH(tmp);
    Units units = {.arena = &tmp, .to = to, .steps = diff->steps.items, .len = diff->steps.len};
    SizeVec slow = {0};
    *out = (Diff){.session = diff->session};
    units.before = NEWN(&tmp, SizeVec, units.len + 1);
    find_before(&units, diff);
    for (size_t i = 0; i < units.len; i++) {
        diff->steps.items[i]->unit = 0;
        if (is_slow(context, diff->steps.items[i]))
            vec_push(&tmp, &slow, i);
    }
    find_units(&units, &slow, to);
    sort_units(arena, &units, out);
    for (size_t i = 0; i < slow.len; i++)
        for (size_t k = 0; k < units.len; k++)
            if (units.unit[k] == units.unit[slow.items[i]])
                units.steps[k]->unit = units.unit[k] + 1;
}

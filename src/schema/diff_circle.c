/* Circles among the steps of a diff, where each has to come before the next: how to find one, and how to plan
 * without it.
 *
 * What holds no data can be dropped and created again instead of being altered, or dropped before its table
 * instead of with it. Views and functions that need each other are first created as placeholders. */
#include "schema/differ.h"

/* ------------------------------------------------------------------ finding */

static DiffStep *first_unmarked(const DiffStep *step)
{
    for (size_t i = 0; i < step->before.len; i++)
        if (!step->before.items[i]->given)
            return step->before.items[i];
    return NULL;
}

/* Back from one step to another that it waits for, until one comes again: every step that is left waits. */
static DiffStep *one_in_circle(const StepVec *steps, unsigned mark)
{
    DiffStep *step = NULL;
    for (size_t i = 0; i < steps->len && !step; i++)
        if (!steps->items[i]->given)
            step = steps->items[i];
    while (step && step->mark != mark) {
        step->mark = mark;
        step = first_unmarked(step);
    }
    return step;
}

/* From the start back to it, by way of the steps from which each was found. */
static StepVec circle_through(Arena *arena, DiffStep *start)
{
    StepVec circle = {0};
    DiffStep *step = start;
    do {
        step = step->found;
        vec_push(arena, &circle, step);
    } while (step != start);
    return circle;
}

/* The shortest circle through a step: a search in breadth for the steps that it waits for. */
static StepVec shortest(Arena *arena, DiffStep *start, unsigned mark)
{
    StepVec queue = {0};
    vec_push(arena, &queue, start);
    for (size_t i = 0; i < queue.len; i++) {
        DiffStep *step = queue.items[i];
        for (size_t k = 0; k < step->before.len; k++) {
            DiffStep *before = step->before.items[k];
            if (before->given || before->mark == mark)
                continue;
            before->mark = mark;
            before->found = step;
            if (before == start)
                return circle_through(arena, start);
            vec_push(arena, &queue, before);
        }
    }
    return (StepVec){0};
}

StepVec circle_find(const Differ *differ, const StepVec *steps)
{
    unsigned mark = 0;
    for (size_t i = 0; i < steps->len; i++)
        if (steps->items[i]->mark > mark)
            mark = steps->items[i]->mark;
    DiffStep *start = one_in_circle(steps, mark + 1);
    return start ? shortest(differ->arena, start, mark + 2) : (StepVec){0};
}

/* ------------------------------------------------------------------ breaking */

bool is_step_in(const StepVec *steps, const DiffStep *step)
{
    for (size_t i = 0; step && i < steps->len; i++)
        if (steps->items[i] == step)
            return true;
    return false;
}

/* Is what it needs dropped in the circle, by another step than its own? */
static bool holds_in_circle(const Differ *differ, const Object *old, const StepVec *circle)
{
    const DiffStep *drop = drop_step(differ, old);
    for (size_t i = 0; i < old->needs.len; i++) {
        const DiffStep *other = drop_step(differ, old->needs.items[i]);
        if (other != drop && is_step_in(circle, other))
            return true;
    }
    return false;
}

/* Can it be dropped before its table, at no cost? A column can, but rewrites what was to go as a whole. */
static bool goes_alone(const Differ *differ, const Object *old, bool columns)
{
    SCRATCH(tmp);
    switch ((int)old->kind) {
    case KIND_constraint:
    case KIND_default:
    case KIND_domain_constraint:
    case KIND_index:
    case KIND_policy:
    case KIND_rule:
    case KIND_statistics:
    case KIND_trigger: break;
    case KIND_column:
        if (columns)
            break;
        return false;
    default: return false;
    }
    ObjectVec sources = sources_of(&tmp, differ, old);
    for (size_t i = 0; i < sources.len; i++)
        if (!is_gone(differ, sources.items[i]) || !goes_alone(differ, sources.items[i], columns))
            return false;
    return true;
}

static void drop_part_apart(const Differ *differ, const Object *old)
{
    SCRATCH(tmp);
    ObjectVec sources = sources_of(&tmp, differ, old);
    for (size_t i = 0; i < sources.len; i++)
        drop_part_apart(differ, sources.items[i]);
    differ->breaks->apart[old->index] = sources.len == 0;
}

/* How many parts of what a step drops would have to go before it; they are marked if they are to. */
static size_t count_parts(const Differ *differ, const StepVec *circle, const DiffStep *drop, bool columns,
                          bool mark)
{
    size_t count = 0;
    for (size_t i = 0; i < differ->from->all.len; i++) {
        const Object *old = differ->from->all.items[i];
        if (!is_gone(differ, old) || differ->drops[i] == old || differ->breaks->apart[i] ||
            drop_step(differ, old) != drop || !goes_alone(differ, old, columns) ||
            !holds_in_circle(differ, old, circle))
            continue;
        if (mark)
            drop_part_apart(differ, old);
        count++;
    }
    return count;
}

/* It is enough to do so for one step of the circle: that with the fewest parts. */
static bool drop_apart(const Differ *differ, const StepVec *circle, bool columns)
{
    const DiffStep *best = NULL;
    size_t fewest = 0;
    for (size_t i = 0; i < circle->len; i++) {
        const DiffStep *step = circle->items[i];
        size_t count = step->verb == VERB_DROP ? count_parts(differ, circle, step, columns, false) : 0;
        if (count && (!best || count < fewest)) {
            best = step;
            fewest = count;
        }
    }
    return best && count_parts(differ, circle, best, columns, true);
}

/* What is altered can as well be dropped and created again, where it holds no data. What comes later in a
 * schema has less that depends on it. */
static bool remake(const Differ *differ, const StepVec *circle)
{
    const Object *best = NULL;
    for (size_t i = 0; i < circle->len; i++) {
        const DiffStep *step = circle->items[i];
        const Object *old = step->verb == VERB_ALTER ? step->object->twin : NULL;
        if (old && is_kind(old, OR_REPLACE) && !is_gone(differ, old) &&
            (!best || kinds[old->kind].rank > kinds[best->kind].rank))
            best = old;
    }
    if (!best || differ->breaks->remade[best->index])
        return false;
    differ->breaks->remade[best->index] = true;
    return true;
}

static bool alters_table_of(const Differ *differ, const StepVec *circle, const Object *part)
{
    const Object *table = part->parent ? part->parent->twin : NULL;
    return table && table->kind == KIND_table && is_step_in(circle, differ->steps[VERB_ALTER][table->index]);
}

/* Tables that refer to each other cannot both become unlogged, or logged, while they do. */
static bool remake_references(const Differ *differ, const StepVec *circle)
{
    bool any = false;
    for (size_t i = 0; i < differ->from->all.len; i++) {
        const Object *old = differ->from->all.items[i];
        bool references = old->kind == KIND_constraint && object_is(old, 'F') && old->twin;
        if (!references || is_gone(differ, old) || differ->breaks->remade[i] ||
            !alters_table_of(differ, circle, old))
            continue;
        for (size_t k = 0; k < old->needs.len; k++) {
            const Object *needed = old->needs.items[k];
            if (needed->parent != old->parent && alters_table_of(differ, circle, needed))
                differ->breaks->remade[i] = any = true;
        }
    }
    return any;
}

static bool put_placeholder(const Differ *differ, const StepVec *circle)
{
    for (size_t i = 0; i < circle->len; i++) {
        const DiffStep *step = circle->items[i];
        const Object *object = step->object;
        bool *marks = step->verb == VERB_CREATE ? differ->breaks->placeholder
                      : step->verb == VERB_DROP ? differ->breaks->emptied
                                                : NULL;
        if (!marks || !object->placeholder || marks[object->index])
            continue;
        return marks[object->index] = true;
    }
    return false;
}

bool circle_break(const Differ *differ, const StepVec *circle)
{
    return drop_apart(differ, circle, false) || remake(differ, circle) || put_placeholder(differ, circle) ||
           remake_references(differ, circle) || drop_apart(differ, circle, true);
}

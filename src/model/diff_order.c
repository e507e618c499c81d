/* The order of a diff's steps: what stands on what, on both sides, sorted; ties by kind, column and name. */
#include <string.h>

#include "model/differ.h"

typedef struct Order {
    Differ *differ;
    VEC(DiffStep *) heap; /* what waits for nothing, the next one first */
    Diff *out;
} Order;

DiffStep *drop_step(const Differ *differ, const Object *old)
{
    const Object *by = old && is_gone(differ, old) ? differ->drops[old->index] : NULL;
    return by ? differ->steps[VERB_DROP][by->index] : NULL;
}

DiffStep *create_step(const Differ *differ, const Object *new)
{
    const Object *by = is_made(differ, new) ? differ->makes[new->index] : NULL;
    return by ? differ->steps[VERB_CREATE][by->index] : NULL;
}

/* The same edge may be there twice: it is then counted twice, and taken twice. */
void step_before(const Differ *differ, DiffStep *first, DiffStep *second)
{
    if (!first || !second || first == second)
        return;
    vec_push(differ->arena, &first->next, second);
    second->waits++;
}

/* ------------------------------------------------------------------ what comes before what */

/* What it stands on in the new schema is made, or altered, before. */
static void order_new(const Differ *differ, const Object *new)
{
    DiffStep *create = create_step(differ, new), *alter = differ->steps[VERB_ALTER][new->index];
    for (size_t i = 0; i < new->needs.len; i++) {
        const Object *needed = new->needs.items[i];
        DiffStep *made = making_step(differ, needed);
        bool tied_last = needed == new->parent && needed->twin && fate_of(differ, needed->twin)->untied;
        step_before(differ, made || tied_last ? made : differ->steps[VERB_ALTER][needed->index], create);
        step_before(differ, made, alter);
    }
}

static DiffStep *alter_of_old(const Differ *differ, const Object *old)
{
    return old->twin ? differ->steps[VERB_ALTER][old->twin->index] : NULL;
}

/* What stood on it in the old schema is dropped, or has let go, before. */
static void order_old(const Differ *differ, const Object *old)
{
    DiffStep *drop = drop_step(differ, old);
    for (size_t i = 0; i < old->needs.len; i++) {
        const Object *needed = old->needs.items[i];
        step_before(differ, drop, drop_step(differ, needed));
        if (drop && !fate_of(differ, drop->object)->aside) { /* that is dropped when all the rest is done */
            step_before(differ, drop, alter_of_old(differ, needed));
            step_before(differ, drop, differ->steps[VERB_ASIDE][needed->index]);
        }
        step_before(differ,
                    fate_of(differ, old)->parked ? differ->steps[VERB_ASIDE][old->index]
                                                 : alter_of_old(differ, old),
                    drop_step(differ, needed));
    }
}

static void order_replaced(const Differ *differ, const Object *old)
{
    if (!fate_of(differ, old)->replaced)
        return;
    DiffStep *drop = drop_step(differ, old), *create = create_step(differ, old->twin);
    if (!drop || !fate_of(differ, drop->object)->aside)
        step_before(differ, drop, create);
    else if (drop->object == old)
        step_before(differ, differ->steps[VERB_ASIDE][old->index], create);
}

/* Most relations have a type of their name: relations and types count as one kind of name here. */
static const char *space_of(Arena *arena, const Object *object)
{
    static const char type[] = "type ";
    size_t len = strlen(type);
    if (!object->space || strncmp(object->space, type, len) != 0)
        return object->space;
    return arena_printf(arena, "rel %s", object->space + len);
}

/* Who has the name gives it up before another one takes it. */
static void order_spaces(const Differ *differ)
{
    SCRATCH(tmp);
    Map holders = {.arena = &tmp};
    for (size_t i = 0; i < differ->from->all.len; i++) {
        Object *old = differ->from->all.items[i];
        const char *space = space_of(&tmp, old);
        if (!space)
            continue;
        ObjectVec *with = map_get(&holders, space);
        if (!with)
            map_put(&holders, space, with = NEW(&tmp, ObjectVec));
        vec_push(&tmp, with, old);
    }
    for (size_t i = 0; i < differ->to->all.len; i++) {
        const Object *new = differ->to->all.items[i];
        const char *space = space_of(&tmp, new);
        const ObjectVec *with = space ? map_get(&holders, space) : NULL;
        DiffStep *create = create_step(differ, new);
        for (size_t k = 0; with && k < with->len; k++) {
            const Object *old = with->items[k];
            DiffStep *drop = drop_step(differ, old);
            if (old != new->twin)
                step_before(differ, drop ? drop : alter_of_old(differ, old),
                            create ? create : differ->steps[VERB_ALTER][i]);
        }
    }
}

static bool is_foreign_key(const Object *object)
{
    return object->kind == KIND_constraint && object_is(object, 'F');
}

/* What these name, or look for, are indexes of their table; the server does not say that they stand on them.
 */
static bool looks_for_indexes(const Object *object)
{
    return object->kind == KIND_inherit || object->kind == KIND_cluster ||
           object->kind == KIND_replica_identity;
}

/* A key of a partitioned table holds when the indexes of all partitions are attached. */
static void order_references(const Differ *differ, DiffStep *attach, const Object *key)
{
    for (size_t i = 0; i < key->users.len; i++)
        if (is_foreign_key(key->users.items[i]))
            step_before(differ, attach, create_step(differ, key->users.items[i]));
}

/* A partition or its index is attached when what the attaching looks for is there. */
static void order_attaching(const Differ *differ)
{
    for (size_t i = 0; i < differ->to->all.len; i++) {
        const Object *new = differ->to->all.items[i];
        DiffStep *create = create_step(differ, new);
        for (size_t k = 0; create && new->parent &&looks_for_indexes(new) && k < new->parent->users.len;
             k++) {
            const Object *other = new->parent->users.items[k];
            if (new->kind == KIND_inherit && is_index(other) && !other->pinned)
                continue;
            if (other->kind == KIND_index || (other->kind == KIND_constraint && !is_foreign_key(other)))
                step_before(differ, create_step(differ, other), create);
        }
        if (new->kind == KIND_index_attach && create &&new->parent &&new->parent->pinned) {
            step_before(differ, create_step(differ, new->parent->pinned), create);
            order_references(differ, create, new->parent->pinned);
        }
    }
}

static bool reaches(const Object *from, const Object *to, bool *seen)
{
    if (from == to)
        return true;
    if (seen[from->index])
        return false;
    seen[from->index] = true;
    for (size_t i = 0; i < from->needs.len; i++)
        if (reaches(from->needs.items[i], to, seen))
            return true;
    return false;
}

/* A domain has its checks before it is the type of anything, if what they call is there. */
static void order_domain(const Differ *differ, const Object *check)
{
    SCRATCH(tmp);
    DiffStep *create = create_step(differ, check);
    if (check->kind != KIND_domain_constraint || !create)
        return;
    for (size_t i = 0; i < check->parent->users.len; i++) {
        const Object *user = check->parent->users.items[i];
        bool *seen = NEWN(&tmp, bool, differ->to->all.len + 1);
        if (user->kind == KIND_column || user->kind == KIND_attribute || user->kind == KIND_domain)
            if (!reaches(check, user->parent ? user->parent : user, seen)) {
                step_before(differ, create, create_step(differ, user));
                step_before(differ, create, differ->steps[VERB_ALTER][user->index]);
            }
    }
}

/* The function for INPUT makes the shell of a base type, which the other functions name. */
static void order_base_type(const Differ *differ, const Object *type)
{
    SCRATCH(tmp);
    DiffStep *first = NULL;
    for (size_t i = 0; type->kind == KIND_base_type && i < type->needs.len; i++) {
        const Object *function = type->needs.items[i];
        const char *clause = arena_printf(&tmp, "INPUT = %s", function->ident);
        size_t len = strcspn(clause, "(");
        if (function->pinned == type && strstr(type->def, arena_strndup(&tmp, clause, len)))
            first = create_step(differ, function);
    }
    for (size_t i = 0; first && i < type->needs.len; i++)
        if (type->needs.items[i]->pinned == type)
            step_before(differ, first, create_step(differ, type->needs.items[i]));
}

/* ------------------------------------------------------------------ sorting */

static bool is_routine(const Object *object)
{
    return object->kind == KIND_function || object->kind == KIND_procedure || object->kind == KIND_aggregate;
}

/* Does it run a function, maybe by way of a view? */
static bool runs_routine(const Object *object, bool *seen)
{
    if (seen[object->index])
        return false;
    seen[object->index] = true;
    for (size_t i = 0; i < object->needs.len; i++)
        if (is_routine(object->needs.items[i]) || runs_routine(object->needs.items[i], seen))
            return true;
    return false;
}

/* A generated column, or a check: the server reads its functions at once. */
static bool has_computed_part(const Object *table)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *part = table->users.items[i];
        for (size_t k = 0; part->parent == table && part->kind != KIND_policy && k < part->needs.len; k++)
            if (is_routine(part->needs.items[k]))
                return true;
    }
    return false;
}

/* A body that is a string may call what the server does not know of: what runs functions comes behind those
 * that are ready, and materialized views that do behind those that do not. */
static int rank_of(const Differ *differ, const DiffStep *step)
{
    enum { AFTER_ROUTINES = 8, BEFORE_KEYS, AFTER_VIEWS = 16, AFTER_KEYS };
    SCRATCH(tmp);
    const Object *object = step->object;
    if (is_foreign_key(object))
        return AFTER_KEYS;
    if (object->kind == KIND_constraint && object_is(object, 'C'))
        return AFTER_VIEWS;
    if (object->kind == KIND_constraint && object_is(object, 'N'))
        return BEFORE_KEYS; /* these make one themselves where there is none */
    if (step->verb == VERB_CREATE && object->kind == KIND_table && has_computed_part(object))
        return AFTER_ROUTINES;
    if (step->verb == VERB_CREATE && object->kind == KIND_matview &&
        runs_routine(object, NEWN(&tmp, bool, differ->to->all.len + 1)))
        return AFTER_VIEWS;
    return kinds[object->kind].rank;
}

static int compare_steps(const DiffStep *a, const DiffStep *b)
{
    static const int groups[] = {[VERB_ASIDE] = 0, [VERB_DROP] = 1, [VERB_CREATE] = 2, [VERB_ALTER] = 2};
    if (groups[a->verb] != groups[b->verb])
        return groups[a->verb] - groups[b->verb];
    if (a->rank != b->rank)
        return a->verb == VERB_DROP ? b->rank - a->rank : a->rank - b->rank;
    if (a->object->kind == KIND_column && b->object->kind == KIND_column &&
        a->object->parent == b->object->parent && a->object->address.sub_id != b->object->address.sub_id)
        return a->object->address.sub_id < b->object->address.sub_id ? -1 : 1;
    int by_name = strcmp(a->object->ident, b->object->ident);
    return by_name ? by_name : (int)a->verb - (int)b->verb;
}

static void heap_push(Order *order, DiffStep *step)
{
    vec_push(order->differ->arena, &order->heap, step);
    DiffStep **items = order->heap.items;
    for (size_t at = order->heap.len - 1; at > 0 && compare_steps(items[at], items[(at - 1) / 2]) < 0;
         at = (at - 1) / 2) {
        DiffStep *other = items[at];
        items[at] = items[(at - 1) / 2];
        items[(at - 1) / 2] = other;
    }
}

static DiffStep *heap_pop(Order *order)
{
    DiffStep **items = order->heap.items, *first = items[0];
    size_t len = --order->heap.len, at = 0;
    items[0] = items[len];
    for (;;) {
        size_t least = at;
        for (size_t child = at * 2 + 1; child <= at * 2 + 2; child++)
            if (child < len && compare_steps(items[child], items[least]) < 0)
                least = child;
        if (least == at)
            return first;
        DiffStep *other = items[at];
        items[at] = items[least];
        items[least] = other;
        at = least;
    }
}

static void give(Order *order, DiffStep *step)
{
    step->given = true;
    vec_push(order->differ->arena, &order->out->steps, step);
    for (size_t i = 0; i < step->next.len; i++)
        if (--step->next.items[i]->waits == 0 && !step->next.items[i]->given)
            heap_push(order, step->next.items[i]);
}

typedef VEC(DiffStep *) StepVec;

static StepVec all_steps(const Differ *differ)
{
    StepVec steps = {0};
    for (int verb = 0; verb < VERB_COUNT; verb++) {
        const Schema *of = verb == VERB_ASIDE || verb == VERB_DROP ? differ->from : differ->to;
        for (size_t i = 0; i < of->all.len; i++)
            if (differ->steps[verb][i])
                vec_push(differ->arena, &steps, differ->steps[verb][i]);
    }
    return steps;
}

/* The step of a circle that waits for the fewest others goes first: what is wrong then, the proof says. */
static DiffStep *break_circle(const StepVec *steps)
{
    DiffStep *best = NULL;
    for (size_t i = 0; i < steps->len; i++) {
        DiffStep *step = steps->items[i];
        if (!step->given && (!best || step->waits < best->waits ||
                             (step->waits == best->waits && compare_steps(step, best) < 0)))
            best = step;
    }
    return best;
}

void differ_order(Differ *differ, Diff *out)
{
    Order order = {.differ = differ, .out = out};
    for (size_t i = 0; i < differ->to->all.len; i++) {
        order_new(differ, differ->to->all.items[i]);
        order_domain(differ, differ->to->all.items[i]);
        order_base_type(differ, differ->to->all.items[i]);
    }
    for (size_t i = 0; i < differ->from->all.len; i++) {
        order_old(differ, differ->from->all.items[i]);
        order_replaced(differ, differ->from->all.items[i]);
    }
    order_spaces(differ);
    order_attaching(differ);
    order_inheritance(differ);
    order_stored(differ);
    StepVec steps = all_steps(differ);
    for (size_t i = 0; i < steps.len; i++)
        steps.items[i]->rank = rank_of(differ, steps.items[i]);
    for (size_t i = 0; i < steps.len; i++)
        if (steps.items[i]->waits == 0)
            heap_push(&order, steps.items[i]);
    while (out->steps.len < steps.len)
        give(&order, order.heap.len ? heap_pop(&order) : break_circle(&steps));
}

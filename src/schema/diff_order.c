/* The order of a diff's steps: what stands on what, on both sides, sorted; ties by kind, column and name. */
#include <string.h>

#include "schema/differ.h"

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
    vec_push(differ->arena, &second->before, first);
    second->waits++;
}

/* ------------------------------------------------------------------ what comes before what */

/* Comments, owners and privileges: nothing that depends on the object has to wait for them. */
static bool is_about_object_only(const Facet *facet)
{
    return strncmp(facet->name, "comment", strlen("comment")) == 0 || strcmp(facet->name, "owner") == 0 ||
           strncmp(facet->name, "grants", strlen("grants")) == 0;
}

static bool is_same_in(const Object *object, const Facet *facet)
{
    const Facet *other = object_facet(object, facet->name);
    return other && strcmp(other->value, facet->value) == 0;
}

/* Storage parameters, or logged or unlogged: what depends on a table does not have to wait for that, but for
 * foreign keys. */
static bool is_about_storage(const Object *object, const Facet *facet)
{
    static const char option[] = "option ";
    return object->kind == KIND_table &&
           (strncmp(facet->name, option, strlen(option)) == 0 || strcmp(facet->name, "unlogged") == 0);
}

static bool has_other_facets(const Object *object, const Object *than)
{
    for (size_t i = 0; i < object->facets.len; i++)
        if (!is_about_object_only(&object->facets.items[i]) &&
            !is_about_storage(object, &object->facets.items[i]) &&
            !is_same_in(than, &object->facets.items[i]))
            return true;
    return false;
}

/* The step that alters an object in a way that others have to wait for. */
static DiffStep *altering_step(const Differ *differ, const Object *new)
{
    DiffStep *alter = differ->steps[VERB_ALTER][new->index];
    const Object *old = new->twin;
    if (!alter || !old || is_gone(differ, old))
        return alter;
    const Fate *fate = fate_of(differ, old);
    bool other = renames_identity(old, new) || fate->redefined || fate->retyped || fate->parked ||
                 fate->untied || (!is_kind(old, FACETS_ONLY) && strcmp(old->def, new->def) != 0);
    return other || has_other_facets(old, new) || has_other_facets(new, old) ? alter : NULL;
}

static DiffStep *altering_step_of_old(const Differ *differ, const Object *old)
{
    return old->twin ? altering_step(differ, old->twin) : NULL;
}

/* Reads it when it is made; what only names it can do with a placeholder. */
static bool reads_at_once(const Object *object)
{
    return object->kind != KIND_view && object->kind != KIND_function && object->kind != KIND_procedure;
}

/* What its columns, or arguments, are of, maybe by way of what it reads. */
static void order_placeholder(const Differ *differ, const Object *of, const Object *below, bool *seen)
{
    for (size_t i = 0; i < below->needs.len; i++) {
        const Object *needed = below->needs.items[i];
        if (seen[needed->index])
            continue;
        seen[needed->index] = true;
        if (is_kind(needed, TYPE) || needed->kind == KIND_schema || needed->kind == KIND_collation ||
            needed->kind == KIND_extension)
            step_before(differ, making_step(differ, needed), create_step(differ, of));
        else
            order_placeholder(differ, of, needed, seen);
    }
}

/* What it depends on in the new schema is made, or altered, before. */
static void order_new(const Differ *differ, const Object *new)
{
    SCRATCH(tmp);
    DiffStep *create = create_step(differ, new), *alter = differ->steps[VERB_ALTER][new->index];
    bool replaces_placeholder = differ->breaks->placeholder[new->index];
    bool redefined = new->twin &&fate_of(differ, new->twin)->redefined;
    if (replaces_placeholder) {
        order_placeholder(differ, new, new, NEWN(&tmp, bool, differ->to->all.len + 1));
        step_before(differ, create, alter);
    }
    for (size_t i = 0; i < new->needs.len; i++) {
        const Object *needed = new->needs.items[i];
        DiffStep *made = making_step(differ, needed);
        bool tied_last = needed == new->parent && needed->twin &&fate_of(differ, needed->twin)->untied;
        if (!replaces_placeholder)
            step_before(differ, made || tied_last ? made : altering_step(differ, needed), create);
        if (differ->breaks->placeholder[needed->index] && reads_at_once(new))
            step_before(differ, differ->steps[VERB_ALTER][needed->index], create);
        step_before(differ, redefined && !made ? altering_step(differ, needed) : made, alter);
    }
}

/* A column that holds JSON has no longer its type, nor a table after NOT OF. */
static bool lets_go_aside(const Fate *fate, const Object *needed)
{
    return fate->parked || (fate->untied && needed->kind == KIND_composite);
}

/* What depended on it in the old schema is dropped, or has let go, before. A type that was renamed aside does
 * not hinder what alters the types below it. */
static void order_old(const Differ *differ, const Object *old)
{
    DiffStep *drop = drop_step(differ, old), *aside = differ->steps[VERB_ASIDE][old->index];
    const Fate *fate = fate_of(differ, old);
    for (size_t i = 0; i < old->needs.len; i++) {
        const Object *needed = old->needs.items[i];
        bool loses_default = is_in_default_only(old, needed) && (fate->aside || fate->suspended);
        DiffStep *lets_go = loses_default || differ->breaks->emptied[old->index] ? aside : drop;
        step_before(differ, lets_go, drop_step(differ, needed));
        if (drop && !fate_of(differ, drop->object)->aside) { /* that is dropped when all the rest is done */
            step_before(differ, lets_go, altering_step_of_old(differ, needed));
            /* NOT OF comes before the changes to the columns of a typed table. What is dropped together with
             * a column still exists when the NOT NULL of that column is renamed. */
            if (needed->kind != KIND_table && lets_go != drop_step(differ, needed))
                step_before(differ, lets_go, differ->steps[VERB_ASIDE][needed->index]);
        }
        if (old->kind ==
            KIND_range) /* its functions are renamed too, which are known by the names of their types */
            step_before(differ, aside, differ->steps[VERB_ASIDE][needed->index]);
        if (!loses_default)
            step_before(differ, lets_go_aside(fate, needed) ? aside : altering_step_of_old(differ, old),
                        drop_step(differ, needed));
    }
    if (differ->breaks->emptied[old->index])
        step_before(differ, aside, drop);
}

/* A column that is generated no longer lets go of the columns that it was computed from. */
static void order_ungenerated(const Differ *differ, const Object *old)
{
    if (old->kind != KIND_column || !object_is(old, 'g') || is_gone(differ, old) || object_is(old->twin, 'g'))
        return;
    for (size_t i = 0; i < old->needs.len; i++)
        if (fate_of(differ, old->needs.items[i])->retyped)
            step_before(differ, altering_step_of_old(differ, old),
                        altering_step_of_old(differ, old->needs.items[i]));
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

static bool is_routine(const Object *object)
{
    return object->kind == KIND_function || object->kind == KIND_procedure || object->kind == KIND_aggregate;
}

/* Most relations have a type of their name: relations and types count as one kind of name here. Of two
 * functions of one name a call may mean either, where arguments have defaults. */
static const char *space_of(Arena *arena, const Object *object)
{
    static const char type[] = "type ";
    size_t len = strlen(type);
    if (object->space && is_routine(object))
        return arena_strndup(arena, object->space, strcspn(object->space, "("));
    if (!object->space || strncmp(object->space, type, len) != 0)
        return object->space;
    return arena_printf(arena, "rel %s", object->space + len);
}

/* The step after which its name can be given to another object. */
static DiffStep *freeing_step(const Differ *differ, const Object *old)
{
    if (fate_of(differ, old)->aside || is_identity_aside(differ, old))
        return differ->steps[VERB_ASIDE][old->index];
    DiffStep *drop = drop_step(differ, old);
    return drop || is_routine(old) ? drop : altering_step_of_old(differ, old);
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
            if (old != new->twin)
                step_before(differ, freeing_step(differ, old),
                            create ? create : differ->steps[VERB_ALTER][i]);
        }
    }
}

static bool is_foreign_key(const Object *object)
{
    return object->kind == KIND_constraint && object_is(object, 'F');
}

/* The table whose key a foreign key refers to. */
static const Object *referenced_table(const Object *foreign_key)
{
    for (size_t i = 0; i < foreign_key->needs.len; i++) {
        const Object *table = foreign_key->needs.items[i]->parent;
        if (table && table->kind == KIND_table && table != foreign_key->parent)
            return table;
    }
    return NULL;
}

/* The step that makes a table logged or unlogged. */
static DiffStep *logging_step(const Differ *differ, const Object *old)
{
    static const char unlogged[] = "unlogged";
    const Object *new = old ? old->twin : NULL;
    return new && !is_gone(differ, old) && !object_facet(old, unlogged) != !object_facet(new, unlogged)
               ? differ->steps[VERB_ALTER][new->index]
               : NULL;
}

/* A logged table cannot refer to an unlogged one, not even between two statements. */
static void order_logging(const Differ *differ, const Object *old)
{
    const Object *table = old->parent, *other = is_foreign_key(old) ? referenced_table(old) : NULL;
    DiffStep *refers = logging_step(differ, table), *referenced = logging_step(differ, other);
    if (!other || (!refers && !referenced))
        return;
    if (is_gone(differ, old)) {
        step_before(differ, drop_step(differ, old), refers);
        step_before(differ, drop_step(differ, old), referenced);
    } else if (object_facet(other, "unlogged")) {
        step_before(differ, referenced, refers);
    } else {
        step_before(differ, refers, referenced);
    }
}

static void order_new_reference(const Differ *differ, const Object *new)
{
    const Object *other = is_foreign_key(new) ? referenced_table(new) : NULL;
    if (other && is_made(differ, new)) {
        step_before(differ, logging_step(differ, new->parent->twin), create_step(differ, new));
        step_before(differ, logging_step(differ, other->twin), create_step(differ, new));
    }
}

static bool has_toast_parameter(const Object *table)
{
    static const char toast[] = "option toast.";
    for (size_t i = 0; i < table->facets.len; i++)
        if (strncmp(table->facets.items[i].name, toast, strlen(toast)) == 0)
            return true;
    return false;
}

/* What adds or alters a column, maybe in a table that its table inherits from, is done before. */
static void order_after_column(const Differ *differ, const Object *column, DiffStep *step)
{
    SCRATCH(tmp);
    ObjectVec origins = origins_of(&tmp, differ, differ->to, column);
    step_before(differ, create_step(differ, column), step);
    step_before(differ, differ->steps[VERB_ALTER][column->index], step);
    for (size_t i = 0; i < origins.len; i++)
        order_after_column(differ, origins.items[i], step);
}

/* The server ignores SET (toast.NAME = VALUE) while a table has no TOAST table, which comes with the first
 * column that needs one. */
static void order_toast(const Differ *differ, const Object *new)
{
    if (new->kind != KIND_table || !has_toast_parameter(new) || altering_step(differ, new))
        return;
    for (size_t i = 0; i < new->users.len; i++) {
        const Object *column = new->users.items[i];
        if (column->kind == KIND_column && column->parent == new)
            order_after_column(differ, column, differ->steps[VERB_ALTER][new->index]);
    }
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

/* An index of a partitioned table is valid after those of its partitions are attached to it. The server
 * ignores one that is not when it attaches the table to another, and creates its own. */
static void order_valid_index(const Differ *differ, const Object *index, DiffStep *attach)
{
    const Object *table = index->parent;
    if (!index->pinned || !table || attaches_later(differ, index))
        return;
    for (size_t i = 0; i < table->users.len; i++)
        if (table->users.items[i]->kind == KIND_inherit && table->users.items[i]->parent == table)
            step_before(differ, attach, create_step(differ, table->users.items[i]));
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
            if (new->kind == KIND_inherit && is_index(other) &&
                (!other->pinned || attaches_later(differ, other)))
                continue;
            if (other->kind == KIND_index || (other->kind == KIND_constraint && !is_foreign_key(other)))
                step_before(differ, create_step(differ, other), create);
        }
        if (new->kind == KIND_index_attach && create &&new->parent &&new->parent->pinned) {
            step_before(differ, create_step(differ, new->parent->pinned), create);
            order_references(differ, create, new->parent->pinned);
            order_valid_index(differ, new->parent->pinned, create);
            order_before_attaching(differ, new->parent, create);
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

/* Of those in a circle, the one that waits for the fewest others goes first. */
static DiffStep *first_of(const StepVec *circle)
{
    DiffStep *best = NULL;
    for (size_t i = 0; i < circle->len; i++) {
        DiffStep *step = circle->items[i];
        if (!best || step->waits < best->waits ||
            (step->waits == best->waits && compare_steps(step, best) < 0))
            best = step;
    }
    return best;
}

static void order_all(const Differ *differ)
{
    for (size_t i = 0; i < differ->to->all.len; i++) {
        order_new(differ, differ->to->all.items[i]);
        order_domain(differ, differ->to->all.items[i]);
        order_base_type(differ, differ->to->all.items[i]);
        order_new_reference(differ, differ->to->all.items[i]);
        order_toast(differ, differ->to->all.items[i]);
        order_keys(differ, differ->to->all.items[i]);
    }
    for (size_t i = 0; i < differ->from->all.len; i++) {
        order_old(differ, differ->from->all.items[i]);
        order_ungenerated(differ, differ->from->all.items[i]);
        order_replaced(differ, differ->from->all.items[i]);
        order_not_null(differ, differ->from->all.items[i]);
        order_logging(differ, differ->from->all.items[i]);
    }
    order_spaces(differ);
    order_attaching(differ);
    order_inheritance(differ);
    order_stored(differ);
    order_expressions(differ);
}

/* Where a circle cannot be broken, one of its steps goes first: what is wrong then, the trial says. */
bool differ_order(Differ *differ, Diff *out)
{
    Order order = {.differ = differ, .out = out};
    bool good = true;
    order_all(differ);
    StepVec steps = all_steps(differ);
    for (size_t i = 0; i < steps.len; i++)
        steps.items[i]->rank = rank_of(differ, steps.items[i]);
    for (size_t i = 0; i < steps.len; i++)
        if (steps.items[i]->waits == 0)
            heap_push(&order, steps.items[i]);
    while (out->steps.len < steps.len) {
        if (order.heap.len) {
            give(&order, heap_pop(&order));
            continue;
        }
        StepVec circle = circle_find(differ, &steps);
        good = !circle_break(differ, &circle) && good;
        give(&order, first_of(&circle));
    }
    return good;
}

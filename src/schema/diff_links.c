/* In which order tables are linked to those that they inherit from, or are partitions of, and in which order
 * those links are made and dropped among the changes of their columns, constraints and indexes. */
#include <stdlib.h>
#include <string.h>

#include "schema/differ.h"

/* ------------------------------------------------------------------ the order of parents */

static int by_place(const void *a, const void *b)
{
    const Object *x = *(Object *const *)a, *y = *(Object *const *)b;
    return (x->address.sub_id < y->address.sub_id) - (x->address.sub_id > y->address.sub_id);
}

static ObjectVec links_of(Arena *arena, const Object *table)
{
    ObjectVec links = {0};
    for (size_t i = 0; i < table->users.len; i++)
        if (table->users.items[i]->kind == KIND_inherit && table->users.items[i]->parent == table)
            vec_push(arena, &links, table->users.items[i]);
    if (links.len)
        qsort(links.items, links.len, sizeof *links.items, by_place);
    return links;
}

/* A link that is made comes after those that are there. */
ObjectVec disordered_links(Arena *arena, const Differ *differ, const Object *table)
{
    ObjectVec disordered = {0};
    if (table->kind != KIND_table || !table->twin || is_gone(differ, table))
        return disordered;
    ObjectVec wanted = links_of(arena, table->twin), links = links_of(arena, table);
    size_t in_order = 0;
    for (size_t i = 0; i < links.len; i++) {
        if (is_gone(differ, links.items[i]))
            continue;
        if (disordered.len == 0 && in_order < wanted.len && wanted.items[in_order]->twin == links.items[i])
            in_order++;
        else
            vec_push(arena, &disordered, links.items[i]);
    }
    return disordered;
}

static void order_parents(const Differ *differ, const Object *table)
{
    SCRATCH(tmp);
    ObjectVec links = {0};
    DiffStep *last = NULL;
    if (table->kind == KIND_table)
        links = links_of(&tmp, table);
    for (size_t i = 0; i < links.len; i++) {
        DiffStep *create = create_step(differ, links.items[i]);
        step_before(differ, last, create);
        last = create ? create : last;
    }
}

/* ------------------------------------------------------------------ order */

static bool is_foreign_key_of(const Object *object, const Object *table)
{
    return object->kind == KIND_constraint && object_is(object, 'F') && object->parent == table;
}

static const Object *made_down_from(Arena *arena, const Differ *differ, const Object *object)
{
    ObjectVec origins = origins_of(arena, differ, differ->to, object);
    for (size_t i = 0; i < origins.len; i++)
        if (is_made(differ, origins.items[i]))
            return origins.items[i];
    return NULL;
}

DiffStep *making_step(const Differ *differ, const Object *new)
{
    enum { DEEPEST = 16 };
    SCRATCH(tmp);
    for (int depth = 0; new &&depth < DEEPEST; depth++) {
        DiffStep *step = create_step(differ, new);
        if (step)
            return step;
        new = made_down_from(&tmp, differ, new);
    }
    return NULL;
}

/* A new table takes a check of its parent as valid: where it is not to be, the table is made before that. */
static bool comes_not_valid(const Differ *differ, const Object *part, const DiffStep *link)
{
    SCRATCH(tmp);
    if (part->kind != KIND_constraint || object_is(part, 'v') || link->object->kind != KIND_table)
        return false;
    const Object *below = schema_find(differ->to, KIND_constraint,
                                      arena_printf(&tmp, "%s.%s", link->object->ident, object_name(part)));
    return below && !object_is(below, 'v');
}

/* What both tables have to have is there before they are linked. */
static void order_made(const Differ *differ, const Object *table, DiffStep *link)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *part = table->users.items[i];
        if (part->parent != table || !comes_from_parents(part))
            continue;
        if (comes_not_valid(differ, part, link)) {
            step_before(differ, link, making_step(differ, part));
            continue;
        }
        step_before(differ, making_step(differ, part), link);
        step_before(differ, differ->steps[VERB_ALTER][part->index], link);
    }
}

/* What one of the tables no longer has is gone before they are linked: the other one would have to have it.
 */
static void order_unneeded(const Differ *differ, const Object *table, DiffStep *link)
{
    for (size_t i = 0; table && i < table->users.len; i++) {
        const Object *part = table->users.items[i];
        if (part->parent == table && comes_from_parents(part))
            step_before(differ, drop_step(differ, part), link);
    }
}

/* A new table takes the defaults that its parent has at that moment, and with them what they stand on. */
static void order_defaults(const Differ *differ, const Object *parent, DiffStep *create)
{
    SCRATCH(tmp);
    ObjectVec columns = parts_of(&tmp, parent);
    for (size_t i = 0; i < columns.len; i++)
        for (size_t k = 0; k < columns.items[i]->users.len; k++) {
            const Object *value = columns.items[i]->users.items[k];
            if (value->kind == KIND_default && value->parent == columns.items[i])
                step_before(differ, differ->steps[VERB_ALTER][value->index], create);
        }
}

/* What changes in one of the tables only, changes when they are linked no more. */
static void order_gone(const Differ *differ, const Object *table, DiffStep *link)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *part = table->users.items[i];
        if (object_is(link->object->parent, 'p') && is_foreign_key_of(part, table))
            step_before(differ, drop_step(differ, part), link);
        if (part->parent != table || !comes_from_parents(part))
            continue;
        step_before(differ, link, drop_step(differ, part));
        if (part->twin)
            step_before(differ, link, differ->steps[VERB_ALTER][part->twin->index]);
    }
    for (size_t i = 0; table->twin && i < table->twin->users.len; i++) {
        const Object *part = table->twin->users.items[i];
        bool is_left = is_foreign_key_of(part, table->twin) && table == link->object->parent;
        if (part->parent == table->twin && (comes_from_parents(part) || is_left))
            step_before(differ, link, create_step(differ, part));
    }
}

/* A constraint or trigger is created in the children too. A child that still exists may have another one of
 * the same name. */
static void order_after_child(const Differ *differ, const Object *table, DiffStep *drop)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *part = table->users.items[i];
        if (part->parent == table && (part->kind == KIND_trigger || part->kind == KIND_constraint) &&
            !is_index(part))
            step_before(differ, drop, create_step(differ, part));
    }
}

/* A partition goes before an index that its key is attached to, and before a column that it is split by. */
static void order_partition_gone(const Differ *differ, const Object *table, const Object *parent,
                                 DiffStep *link)
{
    SCRATCH(tmp);
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *part = table->users.items[i], *above = NULL;
        if (part->parent != table)
            continue;
        if (is_index(part))
            above = part->pinned;
        else if (part->kind == KIND_column && part->is_key)
            above = schema_find(differ->from, KIND_column,
                                arena_printf(&tmp, "%s.%s", parent->ident, object_name(part)));
        if (!above)
            continue;
        step_before(differ, link, drop_step(differ, part));
        step_before(differ, link, drop_step(differ, above));
        if (above->twin)
            step_before(differ, link, differ->steps[VERB_ALTER][above->twin->index]);
    }
}

/* Else attaching a partition would make its part of an index, under a name that the server makes up. */
static void order_indexes(const Differ *differ, const Object *table, DiffStep *link)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *part = table->users.items[i];
        if (part->parent == table && is_index(part))
            step_before(differ, link, create_step(differ, part));
    }
}

static bool needs_same_columns(const Object *a, const Object *b)
{
    for (size_t i = 0; i < a->needs.len; i++) {
        bool found = a->needs.items[i]->kind != KIND_column;
        for (size_t k = 0; k < b->needs.len && !found; k++)
            found = a->needs.items[i] == b->needs.items[k];
        if (!found)
            return false;
    }
    return true;
}

bool attaches_later(const Differ *differ, const Object *index)
{
    const Object *table = index->parent;
    if (!index->pinned || !is_made(differ, index->pinned) || !is_made(differ, index))
        return false;
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *other = table->users.items[i];
        if (other != index && other->parent == table && is_index(other) && other->pinned &&
            !is_made(differ, other->pinned) && needs_same_columns(other, index))
            return true;
    }
    return false;
}

/* Attaching a partition attaches the first index that is like its parent's: only those that are to be
 * attached are there, and others come afterwards. */
static void order_partition(const Differ *differ, const Object *table, DiffStep *link)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *index = table->users.items[i];
        DiffStep *create = create_step(differ, index);
        if (index->parent != table || !is_index(index))
            continue;
        if ((!index->pinned || attaches_later(differ, index)) && create && create->object == index)
            step_before(differ, link, create);
        if (index->twin)
            step_before(differ, drop_step(differ, index->twin), link);
        for (size_t k = 0; k < index->users.len; k++)
            if (index->users.items[k]->kind == KIND_index_attach)
                step_before(differ, link, create_step(differ, index->users.items[k]));
    }
}

/* What goes down is said again, where the child has more of it, when it has come. */
static void order_below(const Differ *differ, const Object *new)
{
    SCRATCH(tmp);
    DiffStep *alter = differ->steps[VERB_ALTER][new->index];
    if (alter && is_made(differ, new) && !differ->makes[new->index])
        step_before(differ, making_step(differ, new), alter);
    if (!alter || !loses_not_null_above(differ, new))
        return;
    ObjectVec origins = origins_of(&tmp, differ, differ->to, new);
    for (size_t i = 0; i < origins.len; i++)
        step_before(differ, differ->steps[VERB_ALTER][origins.items[i]->index], alter);
}

/* What is inherited cannot be dropped before it is gone above. */
static void order_dropped(const Differ *differ, const Object *old)
{
    SCRATCH(tmp);
    DiffStep *drop = drop_step(differ, old);
    if (!drop || !comes_from_parents(old))
        return;
    ObjectVec origins = origins_of(&tmp, differ, differ->from, old);
    for (size_t i = 0; i < origins.len; i++)
        step_before(differ, drop_step(differ, origins.items[i]), drop);
}

/* A column of a parent changes in the children too, also in one that is dropped. Where something else uses
 * the column of that child, the child is dropped before. */
static void order_before_change(const Differ *differ, const Object *column, DiffStep *drop)
{
    SCRATCH(tmp);
    ObjectVec above = namesakes_above(&tmp, NULL, differ->from, column);
    for (size_t i = 0; i < above.len; i++) {
        const Object *old = above.items[i];
        step_before(differ, drop, drop_step(differ, old));
        if (old->twin && fate_of(differ, old)->retyped)
            step_before(differ, drop, differ->steps[VERB_ALTER][old->twin->index]);
        order_before_change(differ, old, drop);
    }
}

static void order_dropped_child(const Differ *differ, const Object *column)
{
    DiffStep *drop = drop_step(differ, column);
    if (!drop || column->kind != KIND_column || drop->object != column->parent)
        return;
    for (size_t i = 0; i < column->users.len; i++)
        if (drop_step(differ, column->users.items[i]) != drop) {
            order_before_change(differ, column, drop);
            return;
        }
}

/* Partitions that leave a table may have the rows, or the bounds, that new ones are to have. */
static void order_exchange(const Differ *differ, const Object *table, DiffStep *attach)
{
    for (size_t i = 0; table && i < table->users.len; i++) {
        const Object *link = table->users.items[i];
        if (link->kind == KIND_inherit && object_is(link->parent, 'p') && link_target(link) == table)
            step_before(differ, drop_step(differ, link), attach);
    }
}

void order_inheritance(const Differ *differ)
{
    for (size_t i = 0; i < differ->to->all.len; i++) {
        const Object *link = differ->to->all.items[i];
        DiffStep *step = create_step(differ, link);
        const Object *target = link->kind == KIND_inherit ? link_target(link) : NULL;
        order_below(differ, link);
        order_parents(differ, link);
        if (!step || !target)
            continue;
        order_made(differ, link->parent, step);
        order_made(differ, target, step);
        if (step->object != link) {
            order_defaults(differ, target, step);
        } else {
            order_unneeded(differ, link->parent->twin, step);
            order_unneeded(differ, target->twin, step);
        }
        if (object_is(link->parent, 'p')) {
            order_exchange(differ, target->twin, step);
            order_indexes(differ, target, step);
            order_partition(differ, link->parent, step);
        }
    }
    for (size_t i = 0; i < differ->from->all.len; i++) {
        const Object *link = differ->from->all.items[i];
        DiffStep *step = drop_step(differ, link);
        order_dropped(differ, link);
        order_dropped_child(differ, link);
        const Object *target = link->kind == KIND_inherit ? link_target(link) : NULL;
        if (step && target)
            order_partition_gone(differ, link->parent, target, step);
        if (step && target && target->twin)
            order_after_child(differ, target->twin, step);
        if (!step || !target || step->object != link)
            continue;
        order_gone(differ, link->parent, step);
        order_gone(differ, target, step);
    }
}

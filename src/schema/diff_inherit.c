/* What goes down from a table to those that inherit from it, and what must be there before they are linked.
 */
#include <stdlib.h>
#include <string.h>

#include "schema/differ.h"

/* The table that a link of the kind inherit leads to. */
static const Object *link_target(const Object *link)
{
    for (size_t i = 0; i < link->needs.len; i++)
        if (link->needs.items[i]->kind == KIND_table && link->needs.items[i] != link->parent)
            return link->needs.items[i];
    return NULL;
}

/* Changes of the parent come down as long as the link is there: a new table's INHERITS, or one that stays. */
static bool comes_down(const Differ *differ, const Schema *schema, const Object *link)
{
    if (schema == differ->from)
        return !is_gone(differ, link);
    return !is_made(differ, link) || (is_made(differ, link->parent) && !object_is(link->parent, 'p'));
}

ObjectVec origins_of(Arena *arena, const Differ *differ, const Schema *schema, const Object *object)
{
    ObjectVec origins = {0};
    const Object *table = object->parent;
    for (size_t i = 0; table && table->kind == KIND_table && i < table->users.len; i++) {
        const Object *link = table->users.items[i], *parent;
        if (link->kind != KIND_inherit || link->parent != table || !comes_down(differ, schema, link) ||
            !(parent = link_target(link)))
            continue;
        Object *origin = schema_find(schema, object->kind,
                                     arena_printf(arena, "%s.%s", parent->ident, object_name(object)));
        if (origin)
            vec_push(arena, &origins, origin);
    }
    return origins;
}

/* In a table that is dropped, what is inherited, or an attached index, goes earlier only if these do. */
ObjectVec sources_of(Arena *arena, const Differ *differ, const Object *old)
{
    ObjectVec sources = {0};
    const Object *table = old->parent;
    if (!table || table->kind != KIND_table || !is_gone(differ, table))
        return sources;
    if (old->pinned)
        vec_push(arena, &sources, old->pinned);
    for (size_t i = 0; object_is(old, 'i') && !object_is(old, 'l') && i < table->users.len; i++) {
        const Object *link = table->users.items[i];
        const Object *parent = link->kind == KIND_inherit && link->parent == table ? link_target(link) : NULL;
        if (!parent)
            continue;
        Object *source = schema_find(differ->from, old->kind,
                                     arena_printf(arena, "%s.%s", parent->ident, object_name(old)));
        if (source)
            vec_push(arena, &sources, source);
    }
    return sources;
}

bool source_goes_apart(const Differ *differ, const Object *old)
{
    SCRATCH(tmp);
    ObjectVec sources = sources_of(&tmp, differ, old);
    for (size_t i = 0; i < sources.len; i++)
        if (differ->breaks->apart[sources.items[i]->index] || source_goes_apart(differ, sources.items[i]))
            return true;
    return false;
}

bool is_child(const Object *table)
{
    for (size_t i = 0; i < table->users.len; i++)
        if (table->users.items[i]->kind == KIND_inherit && table->users.items[i]->parent == table)
            return true;
    return false;
}

bool is_below(const Object *table, const Object *top)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *link = table->users.items[i];
        const Object *above = link->kind == KIND_inherit && link->parent == table ? link_target(link) : NULL;
        if (above && (above == top || is_below(above, top)))
            return true;
    }
    return false;
}

bool is_partitioned(const Object *table)
{
    static const char partitioned[] = "partitioned";
    const Facet *shape = object_facet(table, "shape");
    return shape && strncmp(shape->value, partitioned, strlen(partitioned)) == 0;
}

bool origin_fate(const Differ *differ, const Object *old, bool (*is)(const Fate *fate))
{
    SCRATCH(tmp);
    ObjectVec origins = origins_of(&tmp, differ, differ->from, old);
    for (size_t i = 0; i < origins.len; i++)
        if (is(fate_of(differ, origins.items[i])))
            return true;
    return false;
}

static bool is_removed(const Fate *fate)
{
    return fate->removed;
}

static bool comes_from_parents(const Object *object)
{
    return object->kind == KIND_column || (object->kind == KIND_constraint && object_is(object, 'C'));
}

/* All the way up: what goes down takes all below along. */
static void keep_from_origins(const Differ *differ, const Object *old)
{
    SCRATCH(tmp);
    ObjectVec origins = origins_of(&tmp, differ, differ->from, old);
    for (size_t i = 0; i < origins.len; i++) {
        Fate *fate = fate_of(differ, origins.items[i]);
        if (!fate->removed || fate->only)
            continue;
        fate->only = true;
        keep_from_origins(differ, origins.items[i]);
    }
}

static bool is_of_partition(const Object *object)
{
    return object->parent && object_is(object->parent, 'p');
}

/* Before server 18, a partitioned table does not accept DROP CONSTRAINT with ONLY. */
void keep_below(const Differ *differ, const Object *old)
{
    if (!comes_from_parents(old) || !old->twin || !object_is(old, 'i') || object_is(old->twin, 'i'))
        return;
    if (is_of_partition(old) && origin_fate(differ, old, is_removed))
        fate_of(differ, old)->replaced = true;
    else
        keep_from_origins(differ, old);
}

bool origin_made(const Differ *differ, const Object *new)
{
    SCRATCH(tmp);
    ObjectVec origins = origins_of(&tmp, differ, differ->to, new);
    for (size_t i = 0; i < origins.len; i++)
        if (is_made(differ, origins.items[i]))
            return true;
    return false;
}

static bool link_stays(const Differ *differ, const Object *child, const Object *parent)
{
    for (size_t i = 0; child && i < child->users.len; i++) {
        const Object *link = child->users.items[i];
        if (link->kind == KIND_inherit && link->parent == child && link_target(link) == parent)
            return !is_gone(differ, link);
    }
    return false;
}

bool goes_with_pin(const Differ *differ, const Object *old)
{
    return old->kind == KIND_function || link_stays(differ, old->parent, old->pinned->parent);
}

bool link_is_made(const Differ *differ, const Object *partition)
{
    for (size_t i = 0; i < partition->users.len; i++) {
        const Object *link = partition->users.items[i];
        if (link->kind == KIND_inherit && link->parent == partition && object_is(partition, 'p'))
            return is_made(differ, link);
    }
    return false;
}

/* ------------------------------------------------------------------ indexes above foreign tables */

static bool has_foreign_partition(const Object *table)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *link = table->users.items[i];
        if (link->kind == KIND_inherit && link_target(link) == table &&
            (object_is(link->parent, 'f') || has_foreign_partition(link->parent)))
            return true;
    }
    return false;
}

static const Object *index_attached_to(const Object *index, const Object *partition)
{
    for (size_t i = 0; i < partition->users.len; i++)
        if (partition->users.items[i]->kind == KIND_index && partition->users.items[i]->pinned == index)
            return partition->users.items[i];
    return NULL;
}

/* Has every partition that can have an index one that is attached to this one? */
static bool is_complete(const Object *index)
{
    const Object *table = index->parent;
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *link = table->users.items[i], *below;
        if (link->kind != KIND_inherit || link_target(link) != table || object_is(link->parent, 'f'))
            continue;
        below = index_attached_to(index, link->parent);
        if (!below || (is_partitioned(link->parent) && !is_complete(below)))
            return false;
    }
    return true;
}

bool attaches_below(const Differ *differ, const Object *index)
{
    return index && index->kind == KIND_index && is_made(differ, index) && is_partitioned(index->parent) &&
           has_foreign_partition(index->parent) && is_complete(index);
}

/* def is "CREATE INDEX name ON ONLY table ...". */
const char *attaching_index_sql(Arena *arena, const Object *index)
{
    static const char word[] = " INDEX ", only[] = " ON ONLY ";
    const char *at = strstr(index->def, word);
    at = at ? at + strlen(word) + strlen(object_name(index)) : index->def;
    if (strncmp(at, only, strlen(only)) != 0)
        return index->def;
    return arena_printf(arena, "%.*s ON %s", (int)(at - index->def), index->def, at + strlen(only));
}

/* An index that is not valid yet makes the one above it invalid. */
void order_before_attaching(const Differ *differ, const Object *index, DiffStep *attach)
{
    const Object *above = index->pinned;
    if (above && attaches_below(differ, above->pinned))
        step_before(differ, attach, create_step(differ, above->pinned));
}

/* ------------------------------------------------------------------ the order of parents */

static int by_place(const void *a, const void *b)
{
    const Object *x = *(Object *const *)a, *y = *(Object *const *)b;
    return (x->address.sub_id < y->address.sub_id) - (x->address.sub_id > y->address.sub_id);
}

static bool is_foreign_key_of(const Object *object, const Object *table)
{
    return object->kind == KIND_constraint && object_is(object, 'F') && object->parent == table;
}

/* Does the plan drop the key from the table above before it detaches the partition? */
static bool goes_before(const Differ *differ, const Object *table, Str name)
{
    SCRATCH(tmp);
    const Object *key = schema_find(differ->from, KIND_constraint,
                                    arena_printf(&tmp, "%s.%.*s", table->ident, STR_ARG(name)));
    if (key)
        return differ->drops[key->index] == key;
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *link = table->users.items[i];
        const Object *above = link->kind == KIND_inherit && link->parent == table ? link_target(link) : NULL;
        if (above && goes_before(differ, above, name))
            return true;
    }
    return false;
}

/* A name as SQL writes it, and the character behind it: between quotes, a name can contain that too. */
static Str next_name(const char **at)
{
    const char *start = *at;
    bool quoted = false;
    for (; **at && (quoted || (**at != '\t' && **at != '\n')); ++*at)
        quoted ^= **at == '"';
    const Str name = {start, (size_t)(*at - start)};
    *at += **at != '\0';
    return name;
}

/* The key may not exist any more, hence IF EXISTS: if the table above was a partition too, it may have
 * dropped its own; and before server 15, DETACH drops a key that refers to the same table. */
void drop_left_keys(const Differ *differ, DiffStep *step, const Object *link)
{
    const Object *above = link->kind == KIND_inherit ? link_target(link) : NULL;
    if (!above || !link->key_names || fate_of(differ, link)->replaced)
        return; /* a partition that is attached again takes them back without reading rows */
    for (const char *at = link->key_names; *at;) {
        Str there = next_name(&at), here = next_name(&at);
        if (!goes_before(differ, above, there))
            differ_say(differ, step,
                       arena_printf(differ->arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %.*s",
                                    link->parent->ident, STR_ARG(here)));
    }
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

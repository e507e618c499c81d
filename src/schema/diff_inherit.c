/* What goes down from a table to those that inherit from it, and which indexes and keys of partitions follow
 * those of the table. */
#include <string.h>

#include "schema/differ.h"

const Object *link_target(const Object *link)
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

ObjectVec namesakes_above(Arena *arena, const Differ *differ, const Schema *schema, const Object *object)
{
    ObjectVec above = {0};
    const Object *table = object->parent;
    for (size_t i = 0; table && table->kind == KIND_table && i < table->users.len; i++) {
        const Object *link = table->users.items[i], *parent;
        if (link->kind != KIND_inherit || link->parent != table ||
            (differ && !comes_down(differ, schema, link)) || !(parent = link_target(link)))
            continue;
        Object *namesake = schema_find(schema, object->kind,
                                       arena_printf(arena, "%s.%s", parent->ident, object_name(object)));
        if (namesake)
            vec_push(arena, &above, namesake);
    }
    return above;
}

ObjectVec origins_of(Arena *arena, const Differ *differ, const Schema *schema, const Object *object)
{
    return namesakes_above(arena, differ, schema, object);
}

/* In a table that is dropped, what is inherited, or an attached index, goes earlier only if these do. */
ObjectVec sources_of(Arena *arena, const Differ *differ, const Object *old)
{
    ObjectVec sources = {0};
    const Object *table = old->parent;
    if (!table || table->kind != KIND_table || !is_gone(differ, table))
        return sources;
    if (object_is(old, 'i') && !object_is(old, 'l'))
        sources = namesakes_above(arena, NULL, differ->from, old);
    if (old->pinned)
        vec_push(arena, &sources, old->pinned);
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

bool comes_from_parents(const Object *object)
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

/* ------------------------------------------------------------------ keys that a partition keeps */

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

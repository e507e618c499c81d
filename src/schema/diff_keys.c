/* Keys and indexes: a unique index that becomes a constraint, indexes that attaching a partition would take
 * for others, foreign keys that the server keeps while their columns change type, and the key that a new
 * foreign key depends on where several would do. */
#include <string.h>

#include "schema/differ.h"

/* ------------------------------------------------------------------ unique indexes */

static bool needs_gone(const Differ *differ, const Object *old)
{
    for (size_t i = 0; i < old->needs.len; i++)
        if (is_gone(differ, old->needs.items[i]))
            return true;
    return false;
}

/* The index has the name and the definition of the constraint's own, and nothing that it would bring along.
 */
const Object *index_for_key(const Differ *differ, const Object *key)
{
    SCRATCH(tmp);
    const Object *table = key->parent, *index;
    if (key->kind != KIND_constraint || !key->index_def || key->twin || key->pinned || !table || !table->twin)
        return NULL;
    int schema = (int)(object_name(table) - table->ident);
    index = schema_find(differ->from, KIND_index,
                        arena_printf(&tmp, "%.*s%s", schema, table->ident, object_name(key)));
    bool fits = index && !index->twin && !index->pinned && !index->facets.len &&
                index->parent == table->twin && strcmp(index->def, key->index_def) == 0 &&
                !needs_gone(differ, index);
    return fits ? index : NULL;
}

const Object *key_from_index(const Differ *differ, const Object *index)
{
    SCRATCH(tmp);
    const Object *key;
    if (index->kind != KIND_index || !index->parent || !index->parent->twin)
        return NULL;
    key = schema_find(differ->to, KIND_constraint,
                      arena_printf(&tmp, "%s.%s", index->parent->twin->ident, object_name(index)));
    return key && index_for_key(differ, key) == index ? key : NULL;
}

const char *using_index(Arena *arena, const Object *key, const char *index)
{
    static const char *const timings[] = {" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE"};
    const char *timing = "";
    size_t len = strlen(key->def);
    for (size_t i = 0; i < COUNT(timings) && !*timing; i++)
        if (len > strlen(timings[i]) && strcmp(key->def + len - strlen(timings[i]), timings[i]) == 0)
            timing = timings[i];
    return arena_printf(arena, "ADD CONSTRAINT %s %s USING INDEX %s%s", object_name(key),
                        object_is(key, 'P') ? "PRIMARY KEY" : "UNIQUE", index, timing);
}

const char *using_index_sql(Arena *arena, const Object *key)
{
    return arena_printf(arena, "ALTER TABLE %s %s", key->parent->ident,
                        using_index(arena, key, object_name(key)));
}

bool is_on_filled_view(const Differ *differ, const Object *index)
{
    const Object *view = index->parent;
    return index->offending && view && view->kind == KIND_matview && is_made(differ, view) &&
           !ends_in(view->def, "WITH NO DATA");
}

/* ------------------------------------------------------------------ indexes of partitions */

static const char *index_def(const Object *index)
{
    return index->kind == KIND_index ? index->def : index->index_def;
}

/* Are both statements for an index the same but for the name? */
static bool same_index(const char *a, const char *b)
{
    static const char unique[] = "CREATE UNIQUE", method[] = " USING ";
    const char *in_a = strstr(a, method), *in_b = strstr(b, method);
    bool unique_a = strncmp(a, unique, strlen(unique)) == 0,
         unique_b = strncmp(b, unique, strlen(unique)) == 0;
    return unique_a == unique_b && in_a && in_b && strcmp(in_a, in_b) == 0;
}

/* Would attaching the partition take the one for the other? */
static bool is_mistaken(const Object *local, const Object *attached)
{
    if (attached->parent != local->parent || !is_index(attached) || !attached->pinned ||
        (attached->pinned->kind == KIND_constraint && local->kind != KIND_constraint))
        return false;
    const char *a = index_def(local), *b = index_def(attached);
    return a && b && same_index(a, b);
}

static bool has_part_of(const Object *partition, const Object *index)
{
    for (size_t i = 0; i < partition->users.len; i++)
        if (is_index(partition->users.items[i]) && partition->users.items[i]->pinned == index)
            return true;
    return false;
}

bool gets_part_at_attach(const Differ *differ, const Object *index)
{
    const Object *table = index->parent;
    for (size_t i = 0; index->kind == KIND_index && is_partitioned(table) && i < table->users.len; i++) {
        const Object *link = table->users.items[i];
        if (link->kind == KIND_inherit && link->parent != table && is_made(differ, link) &&
            !object_is(link->parent, 'f') && !has_part_of(link->parent, index))
            return true;
    }
    return false;
}

bool is_mistaken_at_attach(const Differ *differ, const Object *index)
{
    const Object *table = index->parent;
    if (!is_index(index) || index->pinned || !table || !link_is_made(differ, table))
        return false;
    for (size_t i = 0; i < table->users.len; i++)
        if (is_mistaken(index, table->users.items[i]))
            return true;
    return false;
}

/* ------------------------------------------------------------------ foreign keys */

/* The name of a type without its modifiers, and the collation after them. */
typedef struct KeyType {
    Str name, collation;
} KeyType;

static KeyType key_type(const char *type)
{
    static const char collate[] = " COLLATE ";
    const char *collation = strstr(type, collate);
    KeyType key = {.name = str_of(type), .collation = str_of(collation ? collation : "")};
    key.name.len -= key.collation.len;
    key.name.len = strcspn(type, "(") < key.name.len ? strcspn(type, "(") : key.name.len;
    return key;
}

static bool are_among(const char *const *names, Str a, Str b)
{
    bool has_a = false, has_b = false;
    for (; *names; names++) {
        has_a |= str_eq(a, str_of(*names));
        has_b |= str_eq(b, str_of(*names));
    }
    return has_a && has_b;
}

/* Can values of both types be compared with each other, and with what the other side of the key has? */
static bool stays_comparable(const Object *column)
{
    static const char *const integers[] = {"smallint", "integer", "bigint", NULL}, *const texts[] = {
                                                                                       "character varying",
                                                                                       "text", NULL};
    KeyType old = key_type(column->type), new = key_type(column->twin->type);
    if (!str_eq(old.collation, new.collation))
        return false;
    return (str_eq(old.name, new.name) && *column->type != '"') || are_among(integers, old.name, new.name) ||
           are_among(texts, old.name, new.name);
}

static bool is_plain_table(const Object *table)
{
    return table && table->kind == KIND_table && !is_partitioned(table) && !object_is(table, 'p');
}

bool server_keeps_foreign_key(const Differ *differ, const Object *key)
{
    if (differ->options->online || !key->twin || !is_plain_table(key->parent) ||
        strcmp(key->def, key->twin->def) != 0)
        return false;
    for (size_t i = 0; i < key->needs.len; i++) {
        const Object *needed = key->needs.items[i];
        if (needed->kind == KIND_table ? !is_plain_table(needed)
                                       : needed->parent && !is_plain_table(needed->parent))
            return false;
        if (needed->kind != KIND_column || !fate_of(differ, needed)->retyped)
            continue;
        if (fate_of(differ, needed)->parked || has_type_aside(differ, needed) || !stays_comparable(needed))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ several keys of the same columns */

static bool is_referenced(const Object *key)
{
    for (size_t i = 0; i < key->users.len; i++)
        if (object_is(key->users.items[i], 'F') && key->users.items[i]->kind == KIND_constraint)
            return true;
    return false;
}

/* Could a foreign key depend on it? */
static bool is_unique(const Object *object)
{
    return (object->kind == KIND_constraint && (object_is(object, 'P') || object_is(object, 'U'))) ||
           (object->kind == KIND_index && object->offending);
}

/* A table can have only one primary key at a time, whatever its name is. */
static void order_primary_key(const Differ *differ, const Object *key)
{
    const Object *table = key->parent ? key->parent->twin : NULL;
    for (size_t i = 0; table && object_is(key, 'P') && i < table->users.len; i++) {
        const Object *old = table->users.items[i];
        if (old->parent == table && old->kind == KIND_constraint && object_is(old, 'P'))
            step_before(differ, drop_step(differ, old), create_step(differ, key));
    }
}

/* A foreign key depends on the oldest key of the columns that it names. In a copy of a schema it must depend
 * on the same key as in the original: a plan that drops the other one would fail in one of them. */
void order_keys(const Differ *differ, const Object *key)
{
    DiffStep *create = create_step(differ, key);
    if (is_unique(key))
        order_primary_key(differ, key);
    if (!create || !key->parent || !is_unique(key) || !is_referenced(key))
        return;
    for (size_t i = 0; i < key->parent->users.len; i++) {
        const Object *other = key->parent->users.items[i];
        if (other != key && other->parent == key->parent && is_unique(other) && !is_referenced(other))
            step_before(differ, create, create_step(differ, other));
    }
}

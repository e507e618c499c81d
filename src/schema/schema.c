/* A schema in memory: found by name and address, linked by what the server says depends on what. */
#include "schema/schema.h"

#include <stdio.h>
#include <string.h>

#include "sql/name.h"

const KindInfo kinds[KIND_COUNT] = {
#define KIND(name, rank, flags, always) {#name, rank, flags, always},
#include "schema/kinds.def"
#undef KIND
};

/* The oids of catalogs, which are the same on every server. */
enum {
    PG_TYPE = 1247,
    PG_CLASS = 1259,
    PG_PROC = 1255,
    PG_CAST = 2605,
    PG_CONSTRAINT = 2606,
    PG_OPERATOR = 2617,
    PG_OPCLASS = 2616,
    PG_OPFAMILY = 2753,
    PG_AMOP = 2602,
    PG_AMPROC = 2603,
    PG_ATTRDEF = 2604,
    PG_PUBLICATION_REL = 6106,
    PG_PUBLICATION_NAMESPACE = 6237,
};

bool object_is(const Object *object, char flag)
{
    return strchr(object->flags, flag) != NULL;
}

const Facet *object_facet(const Object *object, const char *name)
{
    for (size_t i = 0; i < object->facets.len; i++)
        if (strcmp(object->facets.items[i].name, name) == 0)
            return &object->facets.items[i];
    return NULL;
}

const char *object_name(const Object *object)
{
    return name_last(object->ident);
}

/* ------------------------------------------------------------------ finding */

static const char *ident_key(Arena *arena, Kind kind, const char *ident)
{
    return arena_printf(arena, "%s %s", kinds[kind].name, ident);
}

static const char *address_key(char out[64], Address address)
{
    snprintf(out, 64, "%u %u %d", address.class_id, address.object_id, address.sub_id);
    return out;
}

void schema_add(Schema *schema, Object *object)
{
    char key[64];
    schema->by_ident.arena = schema->by_address.arena = schema->arena;
    object->index = schema->all.len;
    vec_push(schema->arena, &schema->all, object);
    map_put(&schema->by_address, arena_strdup(schema->arena, address_key(key, object->address)), object);
}

static Object *exactly_at(const Schema *schema, Address address)
{
    char key[64];
    return map_get(&schema->by_address, address_key(key, address));
}

Object *schema_at(const Schema *schema, Address address)
{
    Object *exact = exactly_at(schema, address);
    return exact || address.sub_id == 0
               ? exact
               : exactly_at(schema, (Address){address.class_id, address.object_id, 0});
}

Object *schema_find(const Schema *schema, Kind kind, const char *ident)
{
    SCRATCH(tmp);
    return map_get(&schema->by_ident, ident_key(&tmp, kind, ident));
}

const Object *schema_owned_by(const Schema *schema, const Object *sequence)
{
    enum { OWNED_BY = -1 };
    return exactly_at(schema, (Address){sequence->address.class_id, sequence->address.object_id, OWNED_BY});
}

/* ------------------------------------------------------------------ leaving out */

typedef struct Linker {
    Schema *schema;
    Map owners; /* of what is no object itself: the address of what it is a part of */
    Arena tmp;
} Linker;

static bool is_part(const Dependency *d)
{
    static const unsigned parts[] = {PG_ATTRDEF, PG_PUBLICATION_REL, PG_PUBLICATION_NAMESPACE, PG_AMOP,
                                     PG_AMPROC};
    /* A loose function or operator of a family goes with either of what it needs: it is a part of the family.
     */
    if ((d->from.class_id == PG_AMOP || d->from.class_id == PG_AMPROC) && d->to.class_id != PG_OPCLASS &&
        d->to.class_id != PG_OPFAMILY)
        return false;
    if (d->type == 'i' || d->type == 'e')
        return true;
    for (size_t i = 0; i < COUNT(parts) && d->type == 'a'; i++)
        if (d->from.class_id == parts[i])
            return true;
    return false;
}

static const char *owner_key(char out[64], Address address)
{
    return address_key(out, (Address){address.class_id, address.object_id, 0});
}

static void note_owners(Linker *linker, const DependencyVec *dependencies)
{
    char key[64];
    for (size_t i = 0; i < dependencies->len; i++) {
        const Dependency *d = &dependencies->items[i];
        if (!is_part(d) || map_get(&linker->owners, owner_key(key, d->from)))
            continue;
        Address *to = NEW(&linker->tmp, Address);
        *to = d->to;
        map_put(&linker->owners, arena_strdup(&linker->tmp, owner_key(key, d->from)), to);
    }
}

static bool of_extension(const Schema *schema, const Map *members, const Object *object)
{
    char key[64];
    (void)schema;
    return map_get(members, owner_key(key, object->address)) != NULL;
}

static void note_members(Arena *arena, Map *members, const DependencyVec *dependencies)
{
    static char yes[] = "yes";
    char key[64];
    members->arena = arena;
    for (size_t i = 0; i < dependencies->len; i++)
        if (dependencies->items[i].type == 'e')
            map_put(members, arena_strdup(arena, owner_key(key, dependencies->items[i].from)), yes);
}

/* The schema is now these objects. */
static void schema_reindex(Schema *schema, ObjectVec kept)
{
    schema->all = kept;
    schema->by_address = schema->by_ident = (Map){.arena = schema->arena};
    for (size_t i = 0; i < kept.len; i++) {
        char key[64];
        Object *object = kept.items[i];
        object->index = i;
        map_put(&schema->by_address, arena_strdup(schema->arena, address_key(key, object->address)), object);
        map_put(&schema->by_ident, ident_key(schema->arena, object->kind, object->ident), object);
    }
}

/* A part of something that is left out is left out too. */
static void keep_some(Linker *linker, const Map *members, bool (*keep)(void *context, const Object *object),
                      void *context)
{
    Schema *schema = linker->schema;
    bool *out = NEWN(&linker->tmp, bool, schema->all.len + 1);
    for (size_t i = 0; i < schema->all.len; i++) {
        Object *object = schema->all.items[i];
        object->parent = object->parent_address.object_id ? exactly_at(schema, object->parent_address) : NULL;
        out[i] = of_extension(schema, members, object) || (keep && !keep(context, object));
    }
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < schema->all.len; i++) {
            const Object *object = schema->all.items[i];
            bool orphan = object->parent_address.object_id && (!object->parent || out[object->parent->index]);
            more |= orphan && !out[i];
            out[i] |= orphan;
        }
    }
    ObjectVec kept = {0};
    for (size_t i = 0; i < schema->all.len; i++)
        if (!out[i])
            vec_push(schema->arena, &kept, schema->all.items[i]);
    schema_reindex(schema, kept);
}

/* ------------------------------------------------------------------ linking */

/* The object that an end of a dependency belongs to. */
static Object *resolve(const Linker *linker, Address address)
{
    enum { DEEPEST = 8 };
    char key[64];
    for (int depth = 0; depth < DEEPEST; depth++) {
        Object *object = schema_at(linker->schema, address);
        if (object)
            return object;
        const Address *owner = map_get(&linker->owners, owner_key(key, address));
        if (!owner)
            return NULL;
        address = *owner;
    }
    return NULL;
}

static bool has(const ObjectVec *vec, const Object *object)
{
    for (size_t i = 0; i < vec->len; i++)
        if (vec->items[i] == object)
            return true;
    return false;
}

/* Does one use the type of the other in an expression, rather than for a column, or as an argument? */
static bool is_in_expression(const Dependency *d, const Object *from, const Object *to)
{
    if (d->to.class_id != PG_TYPE)
        return false;
    switch (d->from.class_id) {
    case PG_CAST:
    case PG_OPERATOR: return false;
    case PG_TYPE: return from->kind == KIND_domain; /* by its default, or it is over the type */
    case PG_CLASS:
        return from->kind == KIND_index || from->kind == KIND_constraint ||
               (from->kind == KIND_column && object_is(from, 'g'));
    case PG_CONSTRAINT: return from->kind != KIND_domain_constraint || from->parent != to;
    case PG_PROC: return object_is(from, 'e');
    default: return true;
    }
}

static void note_expression(Schema *schema, const Dependency *d, Object *from, Object *to)
{
    if (!is_in_expression(d, from, to))
        return;
    if (!has(&to->expressions, from))
        vec_push(schema->arena, &to->expressions, from);
    if (to->address.class_id == PG_TYPE && d->to.object_id != to->address.object_id &&
        !has(&to->array_expressions, from))
        vec_push(schema->arena, &to->array_expressions, from);
}

static void link_to(Schema *schema, Object *user, Object *needed)
{
    if (user == needed || has(&user->needs, needed))
        return;
    vec_push(schema->arena, &user->needs, needed);
    vec_push(schema->arena, &needed->users, user);
}

/* The link from a table to one that it inherits from. */
static Object *link_between(const Linker *linker, const Object *child, const Object *parent)
{
    SCRATCH(tmp);
    return schema_find(linker->schema, KIND_inherit,
                       arena_printf(&tmp, "%s of %s", child->ident, parent->ident));
}

static void link_dependency(const Linker *linker, const Dependency *d)
{
    enum { OWNED_BY = -1 }; /* the sub id of the object that stands for OWNED BY */
    Object *from = resolve(linker, d->from), *to = resolve(linker, d->to);
    if (!from || !to || from == to || (d->from.sub_id < 0 && from->address.sub_id != d->from.sub_id))
        return;
    if ((d->type == 'P' || d->type == 'S') && (from->kind == KIND_index || from->kind == KIND_constraint)) {
        if (to->kind == KIND_index || to->kind == KIND_constraint)
            from->pinned = to; /* no order, but they go together */
        return;
    }
    if (from->kind == KIND_sequence && d->type == 'i')
        return;
    if (from->kind == KIND_sequence && d->type == 'a' && to->kind == KIND_column) {
        /* The sequence would go round in a circle with the column's default. */
        from = exactly_at(linker->schema, (Address){d->from.class_id, d->from.object_id, OWNED_BY});
        if (!from)
            return;
    }
    if (from->kind == KIND_column && to == from->parent && d->type == 'i')
        from->is_key = true;
    if (from->kind == KIND_table && to->kind == KIND_table && (from = link_between(linker, from, to)) == NULL)
        return;
    note_expression(linker->schema, d, from, to);
    link_to(linker->schema, from, to);
}

static void unlink_from(ObjectVec *vec, const Object *object)
{
    size_t kept = 0;
    for (size_t i = 0; i < vec->len; i++)
        if (vec->items[i] != object)
            vec->items[kept++] = vec->items[i];
    vec->len = kept;
}

/* A base type and its functions need each other: the functions come first, and go with the type. */
static void open_circles(const Schema *schema)
{
    for (size_t i = 0; i < schema->all.len; i++) {
        Object *type = schema->all.items[i];
        for (size_t k = 0; type->kind == KIND_base_type && k < type->needs.len; k++) {
            Object *function = type->needs.items[k];
            if (!has(&function->needs, type))
                continue;
            unlink_from(&function->needs, type);
            unlink_from(&type->users, function);
            function->pinned = type;
        }
    }
}

void schema_remove(Schema *schema, const Object *object)
{
    ObjectVec kept = {0};
    for (size_t i = 0; i < schema->all.len; i++)
        if (schema->all.items[i] != object)
            vec_push(schema->arena, &kept, schema->all.items[i]);
    for (size_t i = 0; i < object->needs.len; i++)
        unlink_from(&object->needs.items[i]->users, object);
    schema_reindex(schema, kept);
}

void schema_hand_privileges(const Schema *from, const Schema *to)
{
    for (size_t i = 0; i < to->all.len; i++) {
        Object *object = to->all.items[i];
        const Object *other = schema_find(from, object->kind, object->ident);
        if (other)
            object->privileges = other->privileges;
    }
}

void schema_link(Schema *schema, const DependencyVec *dependencies,
                 bool (*keep)(void *context, const Object *object), void *context)
{
    Linker linker = {.schema = schema};
    Map members = {0};
    linker.owners.arena = &linker.tmp;
    note_owners(&linker, dependencies);
    note_members(&linker.tmp, &members, dependencies);
    keep_some(&linker, &members, keep, context);
    for (size_t i = 0; i < dependencies->len; i++)
        link_dependency(&linker, &dependencies->items[i]);
    for (size_t i = 0; i < schema->all.len; i++) {
        Object *object = schema->all.items[i];
        if (object->parent && !(kinds[object->kind].flags & NO_PARENT))
            link_to(schema, object, object->parent);
    }
    open_circles(schema);
    arena_free(&linker.tmp);
}

/* Ignoring what a new database has and a schema source does not mention: the schema public, versions of
 * extensions. */
#include "ops/fresh.h"

#include <string.h>

static Object *public_of(const Side *side)
{
    return schema_find(&side->schema, KIND_schema, "public");
}

static bool same_facet(const Facet *a, const Facet *b)
{
    return a && b && strcmp(a->value, b->value) == 0;
}

static bool same_facets(const Object *a, const Object *b)
{
    bool same = a->facets.len == b->facets.len;
    for (size_t i = 0; same && i < a->facets.len; i++)
        same = same_facet(&a->facets.items[i], object_facet(b, a->facets.items[i].name));
    return same;
}

static bool is_empty(const Side *side, const Object *schema)
{
    if (schema->users.len)
        return false;
    for (size_t i = 0; i < side->schema.all.len; i++) {
        const Object *object = side->schema.all.items[i];
        if (object != schema && object->schema && strcmp(object->schema, schema->ident) == 0)
            return false;
    }
    return true;
}

/* Are all the privileges in the one list, such as "USAGE, CREATE", in the other? */
static bool are_among(const char *some, const char *all)
{
    SCRATCH(tmp);
    const char *within = arena_printf(&tmp, ", %s,", all);
    for (StrCut cut = {.tail = str_of(some), .found = true}; cut.found;) {
        cut = str_cut(cut.tail, ',');
        Str one = str_trim(cut.head);
        if (!strstr(within, arena_printf(&tmp, ", %.*s,", STR_ARG(one))))
            return false;
    }
    return true;
}

/* Is what the real database has, or lacks, nothing that somebody has added to a new one? */
static bool is_less(const Facet *real, const Facet *initial)
{
    if (!real || strcmp(initial->name, "owner") == 0 || strcmp(real->value, "none") == 0)
        return true;
    return str_starts(str_of(initial->name), STR("grants ")) && are_among(real->value, initial->value);
}

/* Takes over what the real database has, facet by facet. */
static void take_facets(Arena *arena, Object *made, const Object *real, const Object *initial)
{
    FacetVec kept = {0};
    for (size_t i = 0; i < made->facets.len; i++) {
        const Facet *facet = &made->facets.items[i], *other = object_facet(real, facet->name);
        if (!same_facet(facet, object_facet(initial, facet->name)) || !is_less(other, facet))
            vec_push(arena, &kept, *facet);
        else if (other)
            vec_push(arena, &kept, *other);
    }
    made->facets = kept;
}

/* Without the built-in comment, public was dropped and created again. */
static void ignore_comment(Object *object, const Object *other)
{
    size_t kept = 0;
    const Facet *comment = object_facet(object, "comment");
    if (!comment || strcmp(comment->value, PUBLIC_COMMENT) != 0 || object_facet(other, "comment"))
        return;
    for (size_t i = 0; i < object->facets.len; i++)
        if (&object->facets.items[i] != comment)
            object->facets.items[kept++] = object->facets.items[i];
    object->facets.len = kept;
}

/* A schema source that does not name the version of an extension asks for none: the one that is there stays.
 */
static void ignore_versions(Arena *arena, Side *made, const Side *real)
{
    for (size_t i = 0; i < real->schema.all.len; i++) {
        const Object *extension = real->schema.all.items[i];
        if (extension->kind != KIND_extension)
            continue;
        const Facet *version = object_facet(extension, "version");
        Object *other = schema_find(&made->schema, KIND_extension, extension->ident);
        if (version && other && !object_facet(other, "version"))
            vec_push(arena, &other->facets, *version);
    }
}

bool fresh_ignore(CmigProject *project, Side *old, Side *new, bool privileges, Err *err)
{
    Side *made = *new->shadow.name ? new : old;
    const Side *real = made == new ? old : new;
    Object *object = public_of(made), *other = public_of(real);
    const Object *initial;
    SIDE(fresh);
    if (*made->shadow.name && !*real->shadow.name)
        ignore_versions(&project->arena, made, real);
    if (object && other) {
        ignore_comment(object, other);
        ignore_comment(other, object);
    }
    if (!*made->shadow.name || *real->shadow.name || !object || (other && same_facets(object, other)))
        return true;
    if (!side_empty(&fresh, project, privileges, err))
        return false;
    initial = public_of(&fresh);
    if (!initial)
        return true;
    if (other)
        take_facets(&project->arena, object, other, initial);
    else if (same_facets(object, initial) && is_empty(made, object))
        schema_remove(&made->schema, object);
    return true;
}

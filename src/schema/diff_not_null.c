/* The NOT NULL constraints of columns, which have names from server 18 on. A name that changes is renamed, as
 * the constraint of a key or identity column cannot be dropped and added again. */
#include <string.h>

#include "schema/differ.h"

static const Object *named_not_null(const Object *column)
{
    for (size_t i = 0; i < column->users.len; i++)
        if (column->users.items[i]->kind == KIND_constraint && object_is(column->users.items[i], 'N'))
            return column->users.items[i];
    return NULL;
}

/* NULL where there is none, or one that is more than a name. */
static const char *not_null_name(const Object *column)
{
    const Object *named = named_not_null(column);
    if (!named)
        return object_facet(column, "not null") ? column->not_null : NULL;
    return object_is(named, 'v') && !strstr(named->def, " NO INHERIT") ? object_name(named) : NULL;
}

bool brings_not_null(const Object *column)
{
    return object_facet(column, "not null") || not_null_name(column);
}

static bool is_kept(const Differ *differ, const Object *old)
{
    return old->kind == KIND_column && old->twin && !is_gone(differ, old) && old->parent &&
           !is_gone(differ, old->parent);
}

/* The constraint of a partition has the name of its parent's. It keeps that name, as its own, after the
 * partition is detached. */
static bool is_renamed(const Differ *differ, const Object *old)
{
    if (!is_kept(differ, old))
        return false;
    const Object *new = old->twin, *named = named_not_null(old), *renamed = named_not_null(new);
    if (object_is(new, 'i') && object_is(old, 'i'))
        return false;
    if ((named && named->twin) || (renamed && renamed->twin))
        return false; /* the name already exists, maybe on another column */
    const char *from = not_null_name(old), *to = not_null_name(new);
    return from && to && strcmp(from, to) != 0;
}

bool not_null_stays(const Differ *differ, const Object *old)
{
    if (!is_kept(differ, old))
        return false;
    const char *from = not_null_name(old), *to = not_null_name(old->twin);
    bool was_named = named_not_null(old), is_named = named_not_null(old->twin);
    return is_renamed(differ, old) || (was_named != is_named && from && to && strcmp(from, to) == 0);
}

/* Is it a new constraint of the table, or a column that gets a NOT NULL of that name? */
static bool takes_name(const Differ *differ, const Object *new, const char *name)
{
    if (new->kind == KIND_constraint)
        return is_made(differ, new) && !object_is(new, 'N') && strcmp(object_name(new), name) == 0;
    const char *to = new->kind == KIND_column && !object_is(new, 'i') ? not_null_name(new) : NULL;
    const char *from = to && !is_made(differ, new) ? not_null_name(new->twin) : NULL;
    return to && strcmp(to, name) == 0 && !(from && strcmp(from, name) == 0);
}

/* What else in the table gets the name of a column's NOT NULL; NULL = nothing. */
static const Object *taker_of_name(const Differ *differ, const Object *old)
{
    const char *name = not_null_name(old);
    const Object *table = name && old->parent ? old->parent->twin : NULL;
    for (size_t i = 0; table && i < table->users.len; i++) {
        const Object *other = table->users.items[i];
        if (other != old->twin && other->parent == table && takes_name(differ, other, name))
            return other;
    }
    return NULL;
}

static bool has_user_that_stays(const Differ *differ, const Object *old)
{
    for (size_t i = 0; i < old->users.len; i++)
        if (!is_gone(differ, old->users.items[i]))
            return true;
    return false;
}

/* Two columns can exchange the names of their constraints. And a column that others use is dropped after they
 * have been altered to use a new one, which may get the name. In both cases, the old constraint is renamed
 * first. */
static bool is_aside(const Differ *differ, const Object *old)
{
    if (old->kind != KIND_column || object_is(old, 'i') || !old->parent || is_gone(differ, old->parent))
        return false;
    const Object *named = named_not_null(old);
    bool must_give_up = is_gone(differ, old) ? !(named && named->twin) && has_user_that_stays(differ, old)
                                             : is_renamed(differ, old);
    return must_give_up && taker_of_name(differ, old);
}

static const char *aside_name(Arena *arena, const Object *old)
{
    return name_with(arena, not_null_name(old), "__old");
}

const char *rename_not_null(const Differ *differ, const Object *old)
{
    if (!is_renamed(differ, old))
        return NULL;
    return arena_printf(differ->arena, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", old->twin->parent->ident,
                        is_aside(differ, old) ? aside_name(differ->arena, old) : not_null_name(old),
                        not_null_name(old->twin));
}

void write_not_null_aside(Differ *differ, Object *old)
{
    if (is_aside(differ, old))
        differ_say(differ, differ_step(differ, VERB_ASIDE, old),
                   arena_printf(differ->arena, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s",
                                old->parent->ident, not_null_name(old), aside_name(differ->arena, old)));
}

void order_not_null(const Differ *differ, const Object *old)
{
    if (old->kind != KIND_column || !old->parent || is_gone(differ, old->parent) || object_is(old, 'i'))
        return;
    bool drops = !is_gone(differ, old) && !not_null_name(old->twin);
    const Object *taker = drops || is_aside(differ, old) ? taker_of_name(differ, old) : NULL;
    if (!taker)
        return;
    DiffStep *create = create_step(differ, taker);
    step_before(differ,
                drops ? differ->steps[VERB_ALTER][old->twin->index] : differ->steps[VERB_ASIDE][old->index],
                create ? create : differ->steps[VERB_ALTER][taker->index]);
}

Object *not_null_column(const Object *constraint)
{
    for (size_t i = 0; object_is(constraint, 'N') && i < constraint->needs.len; i++)
        if (constraint->needs.items[i]->kind == KIND_column)
            return constraint->needs.items[i];
    return NULL;
}

/* ------------------------------------------------------------------ names that are in use */

static const char *name_in_schema(Arena *arena, const char *schema, const char *name)
{
    return arena_printf(arena, "%s.%s", schema ? schema : "", name);
}

static void note_name(Differ *differ, Object *object, const char *name)
{
    const char *key = name_in_schema(differ->arena, object->schema, name);
    const Object *holder = map_get(&differ->constraint_names, key);
    if (!holder)
        map_put(&differ->constraint_names, key, object);
    else if (strcmp(holder->ident, object->ident) != 0)
        map_put(&differ->shared_names, key, object);
}

/* Inherited columns of the new schema get their constraints, and the names of these, from tables that are
 * created before. */
void list_constraint_names(Differ *differ)
{
    const Schema *const schemas[] = {differ->from, differ->to};
    differ->constraint_names = differ->shared_names = (Map){.arena = differ->arena};
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < schemas[i]->all.len; k++) {
            Object *object = schemas[i]->all.items[k];
            if (is_constraint(object))
                note_name(differ, object, object_name(object));
            else if (object->not_null && (schemas[i] == differ->from || !object_is(object, 'i')))
                note_name(differ, object, object->not_null);
        }
}

const char *explicit_not_null(const Differ *differ, const Object *new)
{
    SCRATCH(tmp);
    if (new->kind != KIND_column || !new->not_null || !object_facet(new, "not null"))
        return NULL;
    if (differ->options->is_copy && (!object_is(new, 'i') || differ_defines(new->parent, new)))
        return new->not_null;
    if (object_is(new, 'i'))
        return NULL;
    const char *key = name_in_schema(&tmp, new->schema, new->not_null);
    const Object *holder = map_get(&differ->constraint_names, key);
    bool is_shared =
        map_get(&differ->shared_names, key) || (holder && strcmp(holder->ident, new->ident) != 0);
    return is_shared ? new->not_null : NULL;
}

const char *named_not_null_sql(Arena *arena, const Object *column)
{
    return arena_printf(arena, "ALTER TABLE %s ADD CONSTRAINT %s NOT NULL %s", column->parent->ident,
                        column->not_null, object_name(column));
}

bool is_named_not_null(const Object *column, const char *sql)
{
    SCRATCH(tmp);
    return column->not_null && strcmp(sql, named_not_null_sql(&tmp, column)) == 0;
}

const char *facet_sql(const Differ *differ, const Object *new, const Facet *facet)
{
    const char *name = strcmp(facet->name, "not null") == 0 ? explicit_not_null(differ, new) : NULL;
    return name ? named_not_null_sql(differ->arena, new) : facet->make;
}

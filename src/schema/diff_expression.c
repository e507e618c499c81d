/* Stored expressions that use a row type, a composite type or an array of a domain, while that type changes.
 *
 * Newer minor releases of the server refuse to change the types of a table's columns, to add a column with a
 * default, or to add a constraint to a domain, as long as an expression uses the type: a default, the default
 * of an argument, the body of a function, a check, an index, a view, a policy and so on. Such objects are
 * dropped before the change and created again after it. The default of a domain is dropped and set again. */
#include <string.h>

#include "schema/differ.h"

/* ------------------------------------------------------------------ types that change */

/* Is a domain to have a constraint that it did not have? */
static bool is_stricter(const Differ *differ, const Object *old)
{
    if (old->kind != KIND_domain || !old->twin || is_gone(differ, old))
        return false;
    if (object_facet(old->twin, "not null") && !object_facet(old, "not null"))
        return true;
    for (size_t i = 0; i < old->twin->users.len; i++) {
        const Object *check = old->twin->users.items[i];
        if (check->kind == KIND_domain_constraint && check->parent == old->twin && object_is(check, 'v') &&
            (is_made(differ, check) || !object_is(check->twin, 'v')))
            return true;
    }
    return false;
}

static bool is_of_type(const Object *column, const Object *type)
{
    size_t len = strlen(type->ident);
    return strncmp(column->type, type->ident, len) == 0 &&
           (column->type[len] == '\0' || column->type[len] == ' ');
}

static bool is_row_type_stored(const Object *table)
{
    SCRATCH(tmp);
    ObjectVec stored = {0};
    if (table->kind == KIND_table)
        stored_where(&tmp, table, &stored);
    return stored.len > 0;
}

/* Is it, or a domain over it, the type of elements or attributes, or of a column whose table's row type is
 * stored? */
static bool is_nested(const Object *domain)
{
    for (size_t i = 0; i < domain->users.len; i++) {
        const Object *user = domain->users.items[i];
        if (user->kind == KIND_attribute ||
            (user->kind == KIND_column && (!is_of_type(user, domain) || is_row_type_stored(user->parent))) ||
            (user->kind == KIND_domain && is_nested(user)))
            return true;
    }
    return false;
}

bool is_stricter_inside(const Differ *differ, const Object *domain)
{
    return is_stricter(differ, domain) && is_nested(domain);
}

static bool has_retyped(const Differ *differ, const Object *type)
{
    for (size_t i = 0; i < type->users.len; i++) {
        const Object *part = type->users.items[i];
        if (is_part_of(part, type) && fate_of(differ, part)->retyped)
            return true;
    }
    return false;
}

/* Does the server look for expressions that use the type? */
static bool changes_values(const Differ *differ, const Object *type)
{
    if (!type->twin || is_gone(differ, type))
        return false;
    return has_retyped(differ, type) || (type->kind == KIND_table && adds_filled(differ, type->twin)) ||
           is_stricter(differ, type);
}

/* ------------------------------------------------------------------ expressions */

static void push_all(Arena *arena, ObjectVec *out, const ObjectVec *more)
{
    for (size_t i = 0; i < more->len; i++)
        vec_push(arena, out, more->items[i]);
}

/* The type whose values have values of the other one in them; NULL = none. */
static const Object *type_around(const Object *user, const Object *type)
{
    if (user->kind == KIND_view || (user->kind == KIND_domain && stores_type(user, type)))
        return user;
    if (user->kind == KIND_range)
        return user;
    return user->kind == KIND_attribute && user->parent != type ? user->parent : NULL;
}

static void list_expressions(Arena *arena, const Object *type, bool *seen, ObjectVec *out)
{
    if (seen[type->index])
        return;
    seen[type->index] = true;
    push_all(arena, out, &type->expressions);
    for (size_t i = 0; i < type->users.len; i++) {
        const Object *around = type_around(type->users.items[i], type);
        if (around)
            list_expressions(arena, around, seen, out);
    }
}

/* Expressions that use the domain itself do not hinder its constraints, but those do that use its arrays, and
 * the row types that have columns of it. */
static void list_around_domain(Arena *arena, const Object *domain, bool *seen, ObjectVec *out)
{
    push_all(arena, out, &domain->array_expressions);
    for (size_t i = 0; i < domain->users.len; i++) {
        const Object *user = domain->users.items[i], *around = type_around(user, domain);
        if (user->kind == KIND_domain && stores_type(user, domain))
            list_around_domain(arena, user, seen, out);
        else if (user->kind == KIND_column)
            list_expressions(arena, user->parent, seen, out);
        else if (around)
            list_expressions(arena, around, seen, out);
    }
}

static ObjectVec expressions_with(Arena *arena, const Schema *schema, const Object *type)
{
    ObjectVec found = {0};
    bool *seen = NEWN(arena, bool, schema->all.len + 1);
    if (type->kind == KIND_domain)
        list_around_domain(arena, type, seen, &found);
    else
        list_expressions(arena, type, seen, &found);
    return found;
}

/* Are columns or attributes dropped or added? */
static bool changes_parts(const Differ *differ, const Object *type)
{
    if (!type->twin || is_gone(differ, type))
        return false;
    for (size_t i = 0; i < type->users.len; i++)
        if (is_part_of(type->users.items[i], type) && is_gone(differ, type->users.items[i]))
            return true;
    for (size_t i = 0; i < type->twin->users.len; i++)
        if (is_part_of(type->twin->users.items[i], type->twin) && is_made(differ, type->twin->users.items[i]))
            return true;
    return false;
}

/* A stored ROW(1, 2) loses the value of a column that is dropped from its type, and gets NULL for a new one.
 */
static bool has_row(const Object *user)
{
    const Facet *value = object_facet(user, "default");
    return (user->def && strstr(user->def, "ROW(")) || (value && strstr(value->value, "ROW("));
}

ObjectVec expressions_in_the_way(Arena *arena, const Differ *differ, const Object *type)
{
    ObjectVec found = {0};
    if (changes_values(differ, type))
        return expressions_with(arena, differ->from, type);
    if (!changes_parts(differ, type))
        return found;
    for (size_t i = 0; i < type->expressions.len; i++)
        if (has_row(type->expressions.items[i]))
            vec_push(arena, &found, type->expressions.items[i]);
    return found;
}

/* ------------------------------------------------------------------ new columns */

const Object *default_with_own_row(const Differ *differ, const Object *column)
{
    SCRATCH(tmp);
    const Object *table = column->parent, *value = NULL;
    if (column->kind != KIND_column || !is_made(differ, column) || table->kind != KIND_table ||
        is_made(differ, table) || object_is(table, 'f'))
        return NULL;
    for (size_t i = 0; i < column->users.len; i++)
        if (column->users.items[i]->kind == KIND_default && column->users.items[i]->parent == column)
            value = column->users.items[i];
    const ObjectVec found = value ? expressions_with(&tmp, differ->to, table) : (ObjectVec){0};
    for (size_t i = 0; i < found.len; i++)
        if (found.items[i] == value)
            return value;
    return NULL;
}

void fill_by_expression(const Differ *differ, DiffStep *step, const Object *value)
{
    static const char word[] = " DEFAULT ";
    const Object *column = value->parent;
    const Facet *not_null = object_facet(column, "not null");
    differ_say(differ, step,
               arena_printf(differ->arena, "ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s",
                            column->parent->ident, object_name(column), column->type,
                            value->inl + strlen(word)));
    if (not_null)
        differ_say(differ, step,
                   column->not_null ? named_not_null_sql(differ->arena, column) : not_null->make);
}

/* Filling the column runs its default, so that what the default needs must exist. */
static void order_filled(const Differ *differ, const Object *column)
{
    const Object *value = default_with_own_row(differ, column);
    for (size_t i = 0; value && i < value->needs.len; i++)
        if (value->needs.items[i] != column)
            step_before(differ, create_step(differ, value->needs.items[i]), create_step(differ, column));
}

bool has_expressions_in_the_way(const Schema *schema, const Object *domain)
{
    SCRATCH(tmp);
    return expressions_with(&tmp, schema, domain).len > 0;
}

bool is_in_default_only(const Object *domain, const Object *needed)
{
    return domain->kind == KIND_domain && object_facet(domain, "default") && !stores_type(domain, needed) &&
           needed->kind != KIND_collation && needed->kind != KIND_schema && needed->kind != KIND_extension;
}

bool has_default_of_gone(const Differ *differ, const Object *domain)
{
    for (size_t i = 0; i < domain->needs.len; i++)
        if (is_gone(differ, domain->needs.items[i]) && is_in_default_only(domain, domain->needs.items[i]))
            return true;
    return false;
}

void write_suspended(Differ *differ, Object *old)
{
    const Facet *value = object_facet(old, "default");
    if (fate_of(differ, old)->suspended && value)
        differ_say(differ, differ_step(differ, VERB_ASIDE, old), value->undo);
}

/* ------------------------------------------------------------------ order */

static void add_step(Arena *arena, StepVec *steps, DiffStep *step)
{
    if (step)
        vec_push(arena, steps, step);
}

/* The steps that add or alter a column, maybe in a table that its table inherits from. */
static void add_column_steps(Arena *arena, const Differ *differ, const Object *new, StepVec *steps)
{
    ObjectVec origins = origins_of(arena, differ, differ->to, new);
    add_step(arena, steps, create_step(differ, new));
    add_step(arena, steps, differ->steps[VERB_ALTER][new->index]);
    if (new->twin)
        add_step(arena, steps, differ->steps[VERB_ASIDE][new->twin->index]);
    for (size_t i = 0; i < origins.len; i++)
        add_column_steps(arena, differ, origins.items[i], steps);
}

/* The steps for which the server looks for expressions that use the type. */
static StepVec changing_steps(Arena *arena, const Differ *differ, const Object *new)
{
    StepVec steps = {0};
    if (new->kind == KIND_domain)
        add_step(arena, &steps, differ->steps[VERB_ALTER][new->index]);
    for (size_t i = 0; i < new->users.len; i++) {
        const Object *part = new->users.items[i];
        if (part->parent != new)
            continue;
        if (part->kind == KIND_domain_constraint) {
            add_step(arena, &steps, create_step(differ, part));
            add_step(arena, &steps, differ->steps[VERB_ALTER][part->index]);
        } else if (is_part_of(part, new) && (is_made(differ, part) || fate_of(differ, part->twin)->retyped)) {
            add_column_steps(arena, differ, part, &steps);
        }
    }
    return steps;
}

static void order_before(const Differ *differ, const Object *old, DiffStep *change)
{
    if (is_gone(differ, old))
        step_before(differ, drop_step(differ, old), change);
    else if (fate_of(differ, old)->suspended)
        step_before(differ, differ->steps[VERB_ASIDE][old->index], change);
    else if (old->kind == KIND_column) /* DROP EXPRESSION */
        step_before(differ, differ->steps[VERB_ALTER][old->twin->index], change);
}

static void order_changes(const Differ *differ, const Object *type, const StepVec *changes)
{
    SCRATCH(tmp);
    ObjectVec before = expressions_with(&tmp, differ->from, type),
              after = expressions_with(&tmp, differ->to, type->twin);
    for (size_t i = 0; i < before.len; i++)
        for (size_t k = 0; k < changes->len; k++)
            order_before(differ, before.items[i], changes->items[k]);
    for (size_t i = 0; i < after.len; i++) {
        DiffStep *create = create_step(differ, after.items[i]);
        DiffStep *step = create ? create : differ->steps[VERB_ALTER][after.items[i]->index];
        for (size_t k = 0; k < changes->len && !is_step_in(changes, step); k++)
            step_before(differ, changes->items[k], step);
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

/* Does the column need the other object, by itself or by its default? */
static bool needs(const Differ *differ, const Object *column, const Object *other)
{
    SCRATCH(tmp);
    bool *seen = NEWN(&tmp, bool, differ->to->all.len + 1);
    if (reaches(column, other, seen))
        return true;
    for (size_t i = 0; i < column->users.len; i++)
        if (column->users.items[i]->parent == column && reaches(column->users.items[i], other, seen))
            return true;
    return false;
}

/* The columns that the type has when the statement runs decide what ROW(1, 2) means. */
static void order_rows(const Differ *differ, const Object *type)
{
    for (size_t i = 0; i < type->twin->expressions.len; i++) {
        const Object *user = type->twin->expressions.items[i];
        DiffStep *create = create_step(differ, user);
        DiffStep *step = create ? create : differ->steps[VERB_ALTER][user->index];
        if (!has_row(user))
            continue;
        for (size_t k = 0; k < type->twin->users.len; k++) {
            const Object *part = type->twin->users.items[k];
            if (is_part_of(part, type->twin) && is_made(differ, part) && !needs(differ, part, user))
                step_before(differ, create_step(differ, part), step);
        }
        for (size_t k = 0; k < type->users.len; k++)
            if (is_part_of(type->users.items[k], type) && is_gone(differ, type->users.items[k]))
                step_before(differ, drop_step(differ, type->users.items[k]), step);
    }
}

void order_expressions(const Differ *differ)
{
    SCRATCH(tmp);
    for (size_t i = 0; i < differ->to->all.len; i++)
        order_filled(differ, differ->to->all.items[i]);
    for (size_t i = 0; i < differ->from->all.len; i++) {
        const Object *type = differ->from->all.items[i];
        if (type->twin && !is_gone(differ, type))
            order_rows(differ, type);
        if (!changes_values(differ, type))
            continue;
        StepVec steps = changing_steps(&tmp, differ, type->twin);
        order_changes(differ, type, &steps);
    }
}

static void order_domain_user(const Differ *differ, const Object *check, const Object *user)
{
    SCRATCH(tmp);
    bool *seen = NEWN(&tmp, bool, differ->to->all.len + 1);
    if (reaches(check, user->parent ? user->parent : user, seen))
        return;
    step_before(differ, create_step(differ, check), create_step(differ, user));
    step_before(differ, create_step(differ, check), differ->steps[VERB_ALTER][user->index]);
}

/* A domain has its checks before it is the type of anything, and before an expression uses its arrays, if
 * what they call is there. */
void order_domain(const Differ *differ, const Object *check)
{
    const Object *domain = check->parent;
    if (check->kind != KIND_domain_constraint || !create_step(differ, check))
        return;
    for (size_t i = 0; i < domain->users.len; i++) {
        const Object *user = domain->users.items[i];
        if (user->kind == KIND_column || user->kind == KIND_attribute || user->kind == KIND_domain)
            order_domain_user(differ, check, user);
    }
    for (size_t i = 0; i < domain->array_expressions.len; i++)
        order_domain_user(differ, check, domain->array_expressions.items[i]);
}

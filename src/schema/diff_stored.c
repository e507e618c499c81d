/* Stored values of composite types and row types: how columns keep them while the type changes.
 *
 * Values of a type that is replaced go over to the new type as text, as long as its attributes have the same
 * names in the same order, and as JSON otherwise, which matches attributes by name. A table whose row type is
 * stored elsewhere refuses changes that rewrite it, so those columns hold JSON meanwhile. */
#include <stdlib.h>
#include <string.h>

#include "schema/differ.h"

/* ------------------------------------------------------------------ types that are replaced */

static int by_number(const void *a, const void *b)
{
    const Object *x = *(Object *const *)a, *y = *(Object *const *)b;
    return (x->address.sub_id > y->address.sub_id) - (x->address.sub_id < y->address.sub_id);
}

ObjectVec parts_of(Arena *arena, const Object *whole)
{
    ObjectVec parts = {0};
    for (size_t i = 0; i < whole->users.len; i++)
        if (is_part_of(whole->users.items[i], whole))
            vec_push(arena, &parts, whole->users.items[i]);
    if (parts.len)
        qsort(parts.items, parts.len, sizeof *parts.items, by_number);
    return parts;
}

ObjectVec attributes_of(Arena *arena, const Object *type)
{
    return type->kind == KIND_composite ? parts_of(arena, type) : (ObjectVec){0};
}

bool leaves_name_to_type(const Differ *differ, const Object *old)
{
    static const Kind types[] = {KIND_composite, KIND_domain, KIND_enum, KIND_range,
                                 KIND_base_type, KIND_table,  KIND_view, KIND_matview};
    for (size_t i = 0; i < COUNT(types) && fate_of(differ, old)->removed && old->kind != KIND_collation; i++)
        if (schema_find(differ->to, types[i], old->ident))
            return true;
    return false;
}

static bool has_same_attributes(const Object *old, const Object *new)
{
    SCRATCH(tmp);
    ObjectVec before = attributes_of(&tmp, old), after = attributes_of(&tmp, new);
    if (before.len != after.len)
        return false;
    for (size_t i = 0; i < before.len; i++)
        if (strcmp(before.items[i]->ident, after.items[i]->ident) != 0)
            return false;
    return true;
}

static bool is_any_aside(const Differ *differ, const Object *user, bool (*is)(const Object *type))
{
    for (size_t i = 0; i < user->needs.len; i++) {
        const Object *type = user->needs.items[i];
        if (fate_of(differ, type)->aside && is(type))
            return true;
    }
    return false;
}

/* The new relation of that name; NULL = none. */
static const Object *new_relation(const Differ *differ, const char *ident)
{
    static const Kind relations[] = {KIND_table, KIND_view, KIND_matview, KIND_sequence};
    const Object *new = NULL;
    for (size_t i = 0; i < COUNT(relations) && !new; i++)
        new = schema_find(differ->to, relations[i], ident);
    return new;
}

void list_lost_columns(const Differ *differ, StrBuf *lost, const Object *user, const Object *gone)
{
    SCRATCH(tmp);
    if (!is_relation(gone) || !is_gone(differ, gone))
        return;
    const Object *relation = new_relation(differ, gone->ident),
                 *new = relation ? relation : schema_find(differ->to, KIND_composite, gone->ident);
    ObjectVec columns = parts_of(&tmp, gone);
    for (size_t i = 0; new &&i < columns.len; i++) {
        const char *name = columns.items[i]->ident;
        if (!schema_find(differ->to, relation ? KIND_column : KIND_attribute, name))
            sb_printf(lost, "%s%s", lost->len ? ", " : "", name);
    }
    if (new && gone->kind != KIND_table && (!gone->sig || !new->sig || strcmp(gone->sig, new->sig) != 0))
        sb_printf(lost, "%s%s", lost->len ? ", " : "", user->ident);
}

/* Can the text of a value be read as the type that replaces its own? */
static bool reads_as_text(const Differ *differ, const Object *user)
{
    SCRATCH(tmp);
    for (size_t i = 0; i < user->needs.len; i++) {
        const Object *type = user->needs.items[i];
        if (!fate_of(differ, type)->aside || type == user->parent)
            continue;
        ObjectVec attributes = attributes_of(&tmp, type);
        if ((type->kind == KIND_composite && new_relation(differ, type->ident)) ||
            (type->twin && !has_same_attributes(type, type->twin)) || !reads_as_text(differ, type))
            return false;
        for (size_t k = 0; k < attributes.len; k++)
            if (!reads_as_text(differ, attributes.items[k]))
                return false;
    }
    return true;
}

static bool is_type(const Object *type)
{
    return type->kind != KIND_collation;
}

bool has_type_aside(const Differ *differ, const Object *column)
{
    return is_any_aside(differ, column, is_type);
}

/* A wrapper type with one attribute gives values of any type the same treatment as those of a composite type:
 * USING takes no subquery, so the elements of an array cannot be converted one by one. */
static void say_wrapped(const Differ *differ, DiffStep *step, const char *alter, const char *type)
{
    StrBuf wrapper = {.arena = differ->arena};
    const char *column = object_name(step->object);
    sb_text(&wrapper, "pg_temp.");
    sb_ident(&wrapper, arena_printf(differ->arena, "cmig_%s", plain_name(differ->arena, column)));
    differ_say(differ, step,
               arena_printf(differ->arena, "CREATE TYPE %s AS (value %s)", sb_done(&wrapper), type));
    differ_say(differ, step,
               arena_printf(differ->arena,
                            "%s USING (pg_catalog.json_populate_record(NULL::%s, "
                            "pg_catalog.json_build_object('value', %s))).value",
                            alter, sb_done(&wrapper), column));
    differ_say(differ, step, arena_printf(differ->arena, "DROP TYPE %s", sb_done(&wrapper)));
}

bool say_converted(const Differ *differ, DiffStep *step, const Object *old, const char *alter)
{
    if (object_is(old->parent, 'f') || object_is(old, 'g') ||
        (!fate_of(differ, old)->parked && reads_as_text(differ, old)))
        return false;
    note_other_type(differ, step, old);
    say_wrapped(differ, step, alter, old->twin->type);
    return true;
}

/* ------------------------------------------------------------------ row types */

/* A column that the server fills, or checks, in each row at once: the table is rewritten, or treated as if it
 * were. */
static bool is_filled(const Object *new)
{
    if (object_is(new, 'g') || object_is(new, 'd'))
        return true;
    for (size_t i = 0; i < new->users.len; i++)
        if (new->users.items[i]->kind == KIND_default)
            return true;
    for (size_t i = 0; i < new->needs.len; i++)
        if (new->needs.items[i]->kind == KIND_domain)
            return true;
    return false;
}

bool facet_differs(const Object *old, const Object *new, const char *name)
{
    const Facet *before = object_facet(old, name), *after = object_facet(new, name);
    return before && after ? strcmp(before->value, after->value) != 0 : before != after;
}

bool adds_filled(const Differ *differ, const Object *new)
{
    for (size_t i = 0; i < new->users.len; i++) {
        const Object *column = new->users.items[i];
        if (column->kind == KIND_column && column->parent == new &&is_made(differ, column) &&
            is_filled(column))
            return true;
    }
    return false;
}

bool changes_row_type(const Differ *differ, const Object *table)
{
    const Object *new = table->twin;
    if (table->kind != KIND_table || !new || is_gone(differ, table))
        return false;
    if (facet_differs(table, new, "unlogged") || facet_differs(table, new, "access method"))
        return true;
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *column = table->users.items[i];
        if (column->kind == KIND_column && column->parent == table && fate_of(differ, column)->retyped)
            return true;
    }
    return adds_filled(differ, new);
}

/* Not only by its default or a check. */
static bool is_domain_over(const Object *domain, const Object *type)
{
    SCRATCH(tmp);
    const char *create = arena_printf(&tmp, "CREATE DOMAIN %s AS %s", domain->ident, type->ident);
    size_t len = strlen(create);
    return strncmp(domain->def, create, len) == 0 && strchr(" [", domain->def[len]);
}

bool stores_type(const Object *user, const Object *type)
{
    if (user->kind == KIND_domain)
        return is_domain_over(user, type);
    if (user->kind == KIND_column && object_is(user, 'g')) /* it is computed again */
        return false;
    return user->parent != type && (user->kind == KIND_column || user->kind == KIND_attribute ||
                                    user->kind == KIND_range || user->kind == KIND_matview);
}

void stored_where(Arena *arena, const Object *type, ObjectVec *out)
{
    for (size_t i = 0; i < type->users.len; i++) {
        Object *user = type->users.items[i];
        if (!stores_type(user, type))
            continue;
        if (user->kind == KIND_column || user->kind == KIND_matview)
            vec_push(arena, out, user);
        else
            stored_where(arena, user->kind == KIND_attribute ? user->parent : user, out);
    }
}

bool row_type_stays(const Differ *differ, const Object *gone)
{
    for (size_t i = 0; i < gone->users.len && !gone->twin; i++) {
        const Object *column = gone->users.items[i], *same;
        if (column->kind != KIND_column || column->parent != gone)
            continue;
        same = schema_find(differ->to, KIND_attribute, column->ident);
        if (!same || strcmp(same->type, column->type) != 0)
            return false;
    }
    return gone->twin || schema_find(differ->to, KIND_composite, gone->ident);
}

static bool is_parked(const Fate *fate)
{
    return fate->parked;
}

void write_parked(Differ *differ, Object *old)
{
    const char *column = object_name(old);
    if (!fate_of(differ, old)->parked || is_gone(differ, old) ||
        (object_is(old, 'i') && origin_fate(differ, old, is_parked)))
        return;
    DiffStep *step = differ_step(differ, VERB_ASIDE, old);
    step->note = "stores the values as JSON until their type has been changed";
    differ_say(differ, step,
               arena_printf(differ->arena,
                            "ALTER TABLE %s ALTER COLUMN %s TYPE json USING pg_catalog.to_json(%s)",
                            old->parent->ident, column, column));
}

/* ------------------------------------------------------------------ typed tables */

static const Object *type_of_table(const Object *table)
{
    if (!object_facet(table, "of type"))
        return NULL;
    for (size_t i = 0; i < table->needs.len; i++)
        if (table->needs.items[i]->kind == KIND_composite)
            return table->needs.items[i];
    return NULL;
}

static bool attributes_change(const Differ *differ, const Object *type)
{
    SCRATCH(tmp);
    ObjectVec before = attributes_of(&tmp, type), after = {0};
    if (is_gone(differ, type))
        return true;
    for (size_t i = 0; i < before.len; i++)
        if (is_gone(differ, before.items[i]) || fate_of(differ, before.items[i])->retyped)
            return true;
    after = attributes_of(&tmp, type->twin);
    for (size_t i = 0; i < after.len; i++)
        if (is_made(differ, after.items[i]))
            return true;
    return false;
}

static bool ties_change(const Differ *differ, const Object *table)
{
    bool before = object_facet(table, "of type"), after = object_facet(table->twin, "of type");
    if (!before && !after)
        return false;
    if (facet_differs(table, table->twin, "of type"))
        return true;
    const Object *type = type_of_table(table);
    return type && attributes_change(differ, type);
}

void untie_tables(const Differ *differ)
{
    for (size_t i = 0; i < differ->from->all.len; i++) {
        const Object *table = differ->from->all.items[i];
        if (table->kind == KIND_table && table->twin && !is_gone(differ, table))
            fate_of(differ, table)->untied = ties_change(differ, table);
    }
}

void write_untied(Differ *differ, Object *old)
{
    const Facet *of_type = object_facet(old, "of type");
    if (fate_of(differ, old)->untied && of_type)
        differ_say(differ, differ_step(differ, VERB_ASIDE, old), of_type->undo);
}

/* ------------------------------------------------------------------ order */

/* A type that was renamed is dropped after everything else. */
static DiffStep *early_drop(const Differ *differ, const Object *old)
{
    DiffStep *drop = drop_step(differ, old);
    return drop && fate_of(differ, drop->object)->aside ? NULL : drop;
}

static void order_between(const Differ *differ, DiffStep *first, DiffStep *step, DiffStep *last)
{
    step_before(differ, first, step);
    step_before(differ, step, last);
}

static void order_changes(const Differ *differ, const Object *old, DiffStep *first, DiffStep *last)
{
    step_before(differ, first, differ->steps[VERB_ASIDE][old->index]);
    order_between(differ, first, early_drop(differ, old), last);
    if (old->twin)
        order_between(differ, first, differ->steps[VERB_ALTER][old->twin->index], last);
}

/* All that changes a table or a composite type, its columns or attributes comes between the two steps. */
static void order_around(const Differ *differ, const Object *whole, DiffStep *first, DiffStep *last)
{
    order_changes(differ, whole, first, last);
    for (size_t i = 0; i < whole->users.len; i++)
        if (is_part_of(whole->users.items[i], whole))
            order_changes(differ, whole->users.items[i], first, last);
    if (!whole->twin)
        return;
    order_between(differ, first, create_step(differ, whole->twin), last);
    for (size_t i = 0; i < whole->twin->users.len; i++)
        if (is_part_of(whole->twin->users.items[i], whole->twin))
            order_between(differ, first, create_step(differ, whole->twin->users.items[i]), last);
}

/* What stores rows of a table and is dropped goes before columns of the table change their types. */
static void order_gone(const Differ *differ, const Object *table, const Object *gone)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *part = table->users.items[i];
        if (!is_part_of(part, table) || is_gone(differ, part))
            continue;
        step_before(differ, drop_step(differ, gone), differ->steps[VERB_ASIDE][part->index]);
        step_before(differ, drop_step(differ, gone), differ->steps[VERB_ALTER][part->twin->index]);
    }
}

/* New columns, attributes and materialized views that hold values of a type come after a change of it. */
static void hold_after(const Differ *differ, DiffStep *change, const Object *type)
{
    for (size_t i = 0; i < type->users.len; i++) {
        const Object *user = type->users.items[i];
        const bool holds = user->kind == KIND_column || user->kind == KIND_matview;
        if (!stores_type(user, type))
            continue;
        if ((holds || user->kind == KIND_attribute) && is_made(differ, user))
            step_before(differ, change, create_step(differ, user));
        if (!holds)
            hold_after(differ, change, user->kind == KIND_attribute ? user->parent : user);
    }
}

/* A table's row type, or a composite type, changes when its columns or attributes change their types and when
 * those that are filled are added. */
static void order_added(const Differ *differ, const Object *table)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *part = table->users.items[i];
        DiffStep *change = !is_part_of(part, table) ? NULL
                           : !is_made(differ, part) ? differ->steps[VERB_ALTER][part->index]
                           : is_filled(part)        ? create_step(differ, part)
                                                    : NULL;
        if (change)
            hold_after(differ, change, table);
    }
}

static void order_parked(const Differ *differ, const Object *table)
{
    SCRATCH(tmp);
    ObjectVec columns = {0};
    stored_where(&tmp, table, &columns);
    for (size_t i = 0; i < columns.len; i++) {
        const Object *column = columns.items[i];
        if (is_gone(differ, column))
            order_gone(differ, table, column);
        else if (fate_of(differ, column)->parked)
            order_around(differ, table, differ->steps[VERB_ASIDE][column->index],
                         differ->steps[VERB_ALTER][column->twin->index]);
    }
}

static void order_untied(const Differ *differ, const Object *table)
{
    DiffStep *first = differ->steps[VERB_ASIDE][table->index],
             *last = differ->steps[VERB_ALTER][table->twin->index];
    const Object *before = type_of_table(table), *after = type_of_table(table->twin);
    order_around(differ, table, first, last);
    if (before)
        order_around(differ, before, first, last);
    if (after && after->twin && after->twin != before)
        order_around(differ, after->twin, first, last);
}

/* The attributes of a type do not change while a typed table is of it: one that goes is dropped before, and a
 * new one is created behind. */
static void order_typed(const Differ *differ, const Object *type, DiffStep *drop, DiffStep *create)
{
    if (type && !is_gone(differ, type) && attributes_change(differ, type))
        order_around(differ, type, drop, create);
}

static bool needs_type(const Object *column)
{
    for (size_t i = 0; i < column->needs.len; i++)
        if (is_kind(column->needs.items[i], TYPE) && column->needs.items[i]->kind != KIND_collation)
            return true;
    return false;
}

/* A column that goes over from a composite type to a type of the server has the values of before the type
 * changes. */
static void order_leaving(const Differ *differ, const Object *column)
{
    const Fate *fate = fate_of(differ, column);
    if (column->kind != KIND_column || !column->twin || is_gone(differ, column) || !fate->retyped ||
        fate->parked || needs_type(column->twin))
        return;
    for (size_t i = 0; i < column->needs.len; i++) {
        const Object *type = column->needs.items[i];
        if (type->kind == KIND_composite && !is_gone(differ, type))
            order_around(differ, type, differ->steps[VERB_ALTER][column->twin->index], NULL);
    }
}

/* ADD ATTRIBUTE appends: new attributes are added in the order that they have. */
static void order_attributes(const Differ *differ, const Object *type)
{
    SCRATCH(tmp);
    DiffStep *last = NULL;
    ObjectVec attributes = attributes_of(&tmp, type);
    for (size_t i = 0; i < attributes.len; i++) {
        DiffStep *create = create_step(differ, attributes.items[i]);
        step_before(differ, last, create);
        last = create;
    }
}

void order_stored(const Differ *differ)
{
    for (size_t i = 0; i < differ->to->all.len; i++) {
        const Object *new = differ->to->all.items[i];
        if (new->kind == KIND_composite)
            order_attributes(differ, new);
        const Object *type = new->kind == KIND_table &&is_made(differ, new) ? type_of_table(new) : NULL;
        if (type)
            order_typed(differ, type->twin, NULL, create_step(differ, new));
    }
    for (size_t i = 0; i < differ->from->all.len; i++) {
        const Object *table = differ->from->all.items[i];
        order_leaving(differ, table);
        if (table->kind == KIND_composite && table->twin && !is_gone(differ, table))
            order_added(differ, table->twin);
        if (table->kind != KIND_table)
            continue;
        if (is_gone(differ, table))
            order_typed(differ, type_of_table(table), drop_step(differ, table), NULL);
        if (changes_row_type(differ, table) || is_gone(differ, table))
            order_parked(differ, table);
        if (changes_row_type(differ, table) && !is_gone(differ, table))
            order_added(differ, table->twin);
        if (fate_of(differ, table)->untied)
            order_untied(differ, table);
    }
}

/* Which tables have rows that a step of a plan can meet, and whose values a plan says that it changes. */
#include "schema/diff_rows.h"

#include <string.h>

/* ------------------------------------------------------------------ tables */

static void add_table(Arena *arena, const Object *table, TextVec *out)
{
    if (table->kind != KIND_table || object_is(table, 'f') || text_in(out, table->ident))
        return;
    vec_push(arena, out, table->ident);
    for (size_t i = 0; i < table->users.len; i++) { /* what a table is told goes down to those that inherit */
        const Object *link = table->users.items[i];
        if (link->kind == KIND_inherit && link->parent != table)
            add_table(arena, link->parent, out);
    }
}

/* Where an object is stored: its own table, or those with columns of the type. */
static void add_tables_of(Arena *arena, const Object *object, TextVec *out, int depth)
{
    enum { DEEPEST = 8 };
    const Object *top = object;
    while (top->parent && top->kind != KIND_table)
        top = top->parent;
    add_table(arena, top, out);
    bool is_type = (kinds[top->kind].flags & TYPE) != 0 || top->kind == KIND_table;
    for (size_t i = 0; is_type && depth < DEEPEST && i < top->users.len; i++) {
        const Object *user = top->users.items[i];
        bool holds = user->kind == KIND_column || user->kind == KIND_attribute || user->kind == KIND_domain ||
                     user->kind == KIND_range;
        if (holds && user->parent != top)
            add_tables_of(arena, user, out, depth + 1);
    }
}

static bool is_foreign_key(const Object *object)
{
    return object->kind == KIND_constraint && object_is(object, 'F');
}

static void add_referenced(Arena *arena, const Object *key, TextVec *out)
{
    for (size_t i = 0; i < key->needs.len; i++) {
        const Object *needed = key->needs.items[i];
        add_table(arena, needed->parent ? needed->parent : needed, out);
    }
}

void step_tables(Arena *arena, const DiffStep *step, const Schema *schema, TextVec *out)
{
    SCRATCH(tmp);
    const Object *object = schema_find(schema, step->object->kind, step->object->ident),
                 *parent = step->object->parent;
    if (!object && parent)
        object = schema_find(schema, parent->kind, parent->ident);
    if (!object && parent && parent->parent)
        object = schema_find(schema, parent->parent->kind, parent->parent->ident);
    if (object)
        add_tables_of(arena, object, out, 0);
    if (!is_foreign_key(step->object))
        return;
    TextVec named = {0};
    add_referenced(&tmp, step->object, &named);
    for (size_t i = 0; i < named.len; i++) {
        const Object *table = schema_find(schema, KIND_table, named.items[i]);
        if (table)
            add_table(arena, table, out);
    }
}

void diff_tables(Arena *arena, const Diff *diff, const Schema *schema, TextVec *out)
{
    for (size_t i = 0; i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        if (step->verb != VERB_DROP || step->object->kind != KIND_table) /* that does not look at rows */
            step_tables(arena, step, schema, out);
    }
    for (size_t i = 0; i < out->len; i++) { /* which grows meanwhile */
        const Object *table = schema_find(schema, KIND_table, out->items[i]);
        for (size_t k = 0; table && k < table->users.len; k++)
            if (table->users.items[k]->parent == table && is_foreign_key(table->users.items[k]))
                add_referenced(arena, table->users.items[k], out);
    }
}

/* ------------------------------------------------------------------ values */

static bool is_same(const Object *a, const Object *b)
{
    return a && b && a->kind == b->kind && strcmp(a->ident, b->ident) == 0;
}

/* Is the column of that type, or of one that has it inside? */
static bool is_made_of(const Object *user, const Object *type, int depth)
{
    enum { DEEPEST = 8 };
    for (size_t i = 0; depth < DEEPEST && i < user->needs.len; i++) {
        const Object *needed = user->needs.items[i];
        if (needed == user->parent)
            continue;
        if (is_same(needed, type) || is_made_of(needed, type, depth + 1))
            return true;
        for (size_t k = 0; k < needed->users.len; k++) {
            const Object *part = needed->users.items[k];
            bool is_part =
                part->parent == needed && (part->kind == KIND_attribute || part->kind == KIND_column);
            if (is_part && is_made_of(part, type, depth + 1))
                return true;
        }
    }
    return false;
}

static const Object *column_of(const Object *table, const char *name)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *column = table->users.items[i];
        if (column->kind == KIND_column && column->parent == table && strcmp(object_name(column), name) == 0)
            return column;
    }
    return NULL;
}

static bool is_about(const DiffStep *step, const Object *column);

/* What is said of a column is said of those that inherit it. */
static bool is_about_origin(const DiffStep *step, const Object *column)
{
    for (size_t i = 0; i < column->parent->users.len; i++) {
        const Object *link = column->parent->users.items[i];
        for (size_t k = 0;
             link->kind == KIND_inherit && link->parent == column->parent && k < link->needs.len; k++) {
            const Object *above = link->needs.items[k], *origin = NULL;
            if (above != column->parent && above->kind == KIND_table)
                origin = column_of(above, object_name(column));
            if (origin && is_about(step, origin))
                return true;
        }
    }
    return false;
}

static bool is_about(const DiffStep *step, const Object *column)
{
    const Object *object = step->object;
    if (is_same(object, column) || is_same(object, column->parent))
        return true;
    bool is_part =
        object->kind == KIND_attribute || object->kind == KIND_column; /* of a type that is stored */
    if ((is_part || (kinds[object->kind].flags & TYPE)) &&
        is_made_of(column, is_part ? object->parent : object, 0))
        return true;
    return is_about_origin(step, column);
}

Stored diff_stored(const Diff *diff, const Schema *schema, const char *table, const char *column)
{
    SCRATCH(tmp);
    Stored stored = STORED_KEPT;
    const Object *object = schema_find(schema, KIND_column, arena_printf(&tmp, "%s.%s", table, column));
    for (size_t i = 0; object && i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        if (step->stored > stored && is_about(step, object))
            stored = step->stored;
    }
    return stored;
}

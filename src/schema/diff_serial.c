/* Columns that are written as serial, so that the server creates their sequences and defaults as well. */
#include <string.h>

#include "schema/differ.h"

static const Object *default_of(const Object *column)
{
    for (size_t i = 0; i < column->users.len; i++)
        if (column->users.items[i]->kind == KIND_default && column->users.items[i]->parent == column)
            return column->users.items[i];
    return NULL;
}

/* A collation, an option or a named NOT NULL constraint has no place beside serial. */
static bool is_plain_not_null(const Object *column)
{
    SCRATCH(tmp);
    return column->inl &&
           strcmp(column->inl, arena_printf(&tmp, "%s %s NOT NULL", object_name(column), column->type)) == 0;
}

/* An owned sequence always has the owner of its table. */
static bool is_own_facet(const Facet *facet)
{
    return !facet->created && strcmp(facet->name, "owner") != 0;
}

static bool has_own_facets(const Object *sequence)
{
    for (size_t i = 0; i < sequence->facets.len; i++)
        if (is_own_facet(&sequence->facets.items[i]))
            return true;
    for (size_t i = 0; i < sequence->privileges.len; i++)
        if (is_own_facet(&sequence->privileges.items[i]))
            return true;
    return false;
}

/* Other users of the sequence would have to be created after the table, which could be a circle. Tables that
 * inherit from it are created after it anyway. */
static bool has_other_users(const Object *sequence, const Object *owned_by, const Object *column)
{
    const Object *value = default_of(column);
    for (size_t i = 0; i < sequence->users.len; i++) {
        const Object *user = sequence->users.items[i];
        bool below = user->kind == KIND_default && user->parent->kind == KIND_column &&
                     is_below(user->parent->parent, column->parent);
        if (user != owned_by && user != value && !below)
            return true;
    }
    return false;
}

/* Does the statement that makes the column, with it as serial, create exactly this sequence and default? An
 * online plan adds the column to a table that exists without its default, which it fills in batches. */
static bool fits(const Differ *differ, const Object *owned_by, const Object *column)
{
    const Object *table = column->parent, *sequence = owned_by->parent, *value = default_of(column);
    return owned_by->inl && table->kind == KIND_table && is_made(differ, column) &&
           (is_made(differ, table) || !differ->options->online) && is_made(differ, sequence) && value &&
           differ_defines(table, column) && is_plain_not_null(column) && !explicit_not_null(differ, column) &&
           !has_own_facets(sequence) && !has_other_users(sequence, owned_by, column);
}

const char *serial_part(const Differ *differ, const Object *column)
{
    for (size_t i = 0; i < column->users.len; i++) {
        const Object *user = column->users.items[i];
        if (user->kind == KIND_owned_by && fits(differ, user, column))
            return user->inl;
    }
    return NULL;
}

Object *maker_of_serial(const Differ *differ, const Object *new)
{
    const Object *owned_by = new->kind == KIND_sequence   ? schema_owned_by(differ->to, new)
                             : new->kind == KIND_owned_by ? new
                                                          : NULL;
    for (size_t i = 0; owned_by && i < owned_by->needs.len; i++) {
        Object *column = owned_by->needs.items[i];
        if (column->kind == KIND_column && fits(differ, owned_by, column))
            return is_made(differ, column->parent) ? column->parent : column;
    }
    return NULL;
}

/* NOT NULL as an object that has a name, from server 18 on: a name that changes is changed, as the constraint
 * of a key or identity column cannot be dropped and made again. */
#include <string.h>

#include "model/differ.h"

/* As the server names it: table and column are cut, the longer one first. */
static const char *usual_name(Arena *arena, const Object *column)
{
    enum { MOST_BYTES = 53 };
    const char *table = plain_name(arena, object_name(column->parent));
    const char *name = plain_name(arena, object_name(column));
    size_t table_len = strlen(table), len = strlen(name);
    while (table_len + len > MOST_BYTES)
        --*(table_len > len ? &table_len : &len);
    while (table_len && (table[table_len] & 0xC0) == 0x80)
        table_len--;
    while (len && (name[len] & 0xC0) == 0x80)
        len--;
    StrBuf usual = {.arena = arena};
    sb_ident(&usual, arena_printf(arena, "%.*s_%.*s_not_null", (int)table_len, table, (int)len, name));
    return sb_done(&usual);
}

static const Object *named_not_null(const Object *column)
{
    for (size_t i = 0; i < column->users.len; i++)
        if (column->users.items[i]->kind == KIND_constraint && object_is(column->users.items[i], 'N'))
            return column->users.items[i];
    return NULL;
}

/* NULL where there is none, or one that is more than a name. */
static const char *not_null_name(Arena *arena, const Object *column)
{
    const Object *named = named_not_null(column);
    if (!named)
        return object_facet(column, "not null") ? usual_name(arena, column) : NULL;
    return object_is(named, 'v') && !strstr(named->def, " NO INHERIT") ? object_name(named) : NULL;
}

const char *rename_not_null(const Differ *differ, const Object *old)
{
    const Object *new = old->twin;
    if (old->kind != KIND_column || !new || is_gone(differ, old) || !old->parent ||
        is_gone(differ, old->parent) || is_child(old->parent) || is_child(new->parent))
        return NULL;
    const Object *named = named_not_null(old), *renamed = named_not_null(new);
    if ((!named && !renamed) || (named && named->twin) || (renamed && renamed->twin))
        return NULL; /* or the name is there already, maybe on another column */
    const char *from = not_null_name(differ->arena, old), *to = not_null_name(differ->arena, new);
    if (!from || !to || strcmp(from, to) == 0)
        return NULL;
    return arena_printf(differ->arena, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", new->parent->ident, from,
                        to);
}

Object *not_null_column(const Object *constraint)
{
    for (size_t i = 0; object_is(constraint, 'N') && i < constraint->needs.len; i++)
        if (constraint->needs.items[i]->kind == KIND_column)
            return constraint->needs.items[i];
    return NULL;
}

/* Names that a plan gives for a while: no longer than the server takes, and not those of something else. */
#include <string.h>

#include "schema/differ.h"

enum { NAME_BYTES = 63 };

/* How much of a name, quoted or not, has no more bytes than that; without the closing quote. */
static size_t clipped(const char *name, size_t most)
{
    bool quoted = *name == '"';
    size_t len = quoted, bytes = 0;
    while (name[len] && !(quoted && name[len] == '"' && name[len + 1] != '"')) {
        size_t next = len + 1 + (name[len] == '"');
        while ((name[next] & 0xC0) == 0x80)
            next++;
        bytes += next - len - (name[len] == '"');
        if (bytes > most)
            break;
        len = next;
    }
    return len;
}

const char *name_with(Arena *arena, const char *name, const char *end)
{
    size_t len = clipped(name, NAME_BYTES - strlen(end));
    return arena_printf(arena, "%.*s%s%s", (int)len, name, end, *name == '"' ? "\"" : "");
}

/* What is renamed for a while: types, and the sequences of identity columns. */
static const char *renamed_aside(const Object *object)
{
    static const char relation[] = "rel ";
    if (kinds[object->kind].flags & TYPE)
        return object->ident;
    bool is_identity = object->kind == KIND_column && object_is(object, 'd') && object->space &&
                       strncmp(object->space, relation, strlen(relation)) == 0;
    return is_identity ? object->space + strlen(relation) : NULL;
}

/* How much of a qualified name is left if a number of three digits follows "__old". */
static size_t stem(const char *ident)
{
    const Object object = {.ident = ident};
    const char *name = object_name(&object);
    return (size_t)(name - ident) + clipped(name, NAME_BYTES - strlen("__old") - 3);
}

/* How many names that are cut to the same ones come before this one? */
static size_t count_alike(const Schema *schema, const char *ident)
{
    size_t count = 0, len = stem(ident);
    for (size_t i = 0; i < schema->all.len; i++) {
        const char *other = renamed_aside(schema->all.items[i]);
        count += other && strcmp(other, ident) < 0 && stem(other) == len && strncmp(other, ident, len) == 0;
    }
    return count;
}

static bool is_taken(const Schema *schema, const char *ident)
{
    for (size_t i = 0; i < schema->all.len; i++) {
        const Object *object = schema->all.items[i];
        const char *other = renamed_aside(object);
        if (strcmp(object->ident, ident) == 0 || (other && strcmp(other, ident) == 0))
            return true;
    }
    return false;
}

const char *name_aside(const Differ *differ, const char *ident, bool qualified)
{
    Arena *arena = differ->arena;
    const Object object = {.ident = ident};
    const char *name = object_name(&object), *end = "__old", *aside;
    size_t skip = count_alike(differ->from, ident);
    for (int number = 2;; number++) {
        aside = arena_printf(arena, "%.*s%s", (int)(name - ident), ident, name_with(arena, name, end));
        if (!is_taken(differ->from, aside) && !is_taken(differ->to, aside) && skip-- == 0)
            return qualified ? aside : aside + (name - ident);
        end = arena_printf(arena, "__old%d", number);
    }
}

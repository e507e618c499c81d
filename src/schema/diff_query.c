/* The queries in comments that find the rows on which a statement fails. They are for the database as it is
 * before the plan, so they use the names and types that tables and columns have there. */
#include <string.h>

#include "schema/differ.h"

const char *ident_before(const Object *object)
{
    return object->formerly ? object->formerly : object->ident;
}

const char *name_before(const Object *object)
{
    return object->formerly ? object_name(&(Object){.ident = object->formerly}) : object_name(object);
}

/* Can a text that uses the object be read before the plan? A constant of an enum can be a label that is new.
 */
static bool exists_before(const Differ *differ, const Object *needed)
{
    if (needed->kind == KIND_schema || needed->kind == KIND_table || needed->kind == KIND_column ||
        needed->kind == KIND_constraint || needed->kind == KIND_index)
        return true; /* see the tables of the query */
    return !is_made(differ, needed) && !needed->twin->formerly &&
           (needed->kind != KIND_enum || !facet_differs(needed->twin, needed, "labels"));
}

/* The length of a name as SQL writes it, qualified or not. */
static size_t name_length(const char *text)
{
    bool quoted = false;
    size_t len = 0;
    for (; text[len] && (quoted || is_word(text[len]) || text[len] == '.' || text[len] == '"'); len++)
        quoted ^= text[len] == '"';
    return len;
}

typedef struct Query {
    const Differ *differ;
    const char *text;
    StrBuf out;
    bool possible; /* before the plan */
} Query;

/* "a::integer" if the query uses the column and its type changes; "a" otherwise. */
static const char *column_text(Query *query, const Object *old, const Object *new)
{
    const Differ *differ = query->differ;
    Arena *arena = differ->arena;
    const char *name = name_before(old), *to = bare_type(arena, new->type);
    if (strcmp(old->type, new->type) == 0 || !text_find_word(query->text, object_name(new)))
        return name;
    for (size_t i = 0; i < new->needs.len; i++)
        query->possible &= exists_before(differ, new->needs.items[i]);
    return arena_printf(arena, "%s%s::%s", name,
                        cast_between(differ, old->type, new->type) == CAST_BY_TEXT ? "::text" : "", to);
}

/* Adds the columns that the table has before the plan, up to the last one that reads differently there. With
 * values, each is followed by AS and its new name. */
static bool add_columns(Query *query, const Object *table, StrBuf *names, StrBuf *values)
{
    SCRATCH(tmp);
    bool casts = false;
    size_t used = 0;
    const ObjectVec columns = parts_of(&tmp, table->twin);
    for (size_t i = 0; i < columns.len; i++) {
        const Object *old = columns.items[i], *new = old->twin ? old->twin : old;
        const char *name = object_name(new), *value = column_text(query, old, new);
        bool renamed = strcmp(name_before(old), name) != 0, cast = strcmp(value, name_before(old)) != 0;
        sb_printf(names, "%s%s", i ? ", " : "", name);
        sb_printf(values, "%s%s%s%s", i ? ", " : "", value, renamed || cast ? " AS " : "",
                  renamed || cast ? name : "");
        casts |= cast;
        used = renamed ? names->len : used;
    }
    names->len = used;
    return casts;
}

/* A column that the plan adds, or computes again, has no values yet. */
static bool uses_new_column(const Query *query, const Object *table)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *column = table->users.items[i];
        if (is_part_of(column, table) && is_made(query->differ, column) &&
            text_find_word(query->text, object_name(column)))
            return true;
    }
    return false;
}

/* Writes a table of the query, and its alias, which the queries here have in one letter. Returns what follows
 * them. */
static const char *add_table(Query *query, const Object *table, const char *after)
{
    SCRATCH(tmp);
    StrBuf names = {.arena = &tmp}, values = {.arena = &tmp};
    bool has_alias = after[0] == ' ' && after[1] && !is_word(after[2]);
    const char *alias = has_alias ? arena_strndup(&tmp, after + 1, 1) : object_name(table);
    if (!table->twin || uses_new_column(query, table)) {
        query->possible = false;
        return after;
    }
    const char *before = ident_before(table->twin);
    bool casts = add_columns(query, table, &names, &values);
    if (casts && strstr(query->text, "SELECT ctid, * FROM"))
        query->possible = false; /* the subquery would have two columns of this name */
    else if (casts)              /* queries that compare rows of a table with each other use its ctid */
        sb_printf(&query->out, "(SELECT %s%s FROM %s) AS %s", strstr(query->text, "ctid") ? "ctid, " : "",
                  sb_done(&values), before, alias);
    else if (names.len)
        sb_printf(&query->out, "%s AS %s(%.*s)", before, alias, (int)names.len, names.data);
    else if (has_alias || strcmp(before, table->ident) == 0)
        sb_printf(&query->out, "%s%s%s", before, has_alias ? " " : "", has_alias ? alias : "");
    else
        sb_printf(&query->out, "%s AS %s", before, alias);
    return after + (has_alias ? strlen(" a") : 0);
}

/* The table whose name follows FROM or JOIN at this place; NULL = it is something else. */
static const Object *table_at(const Query *query, const char *at, const char **after)
{
    static const char *const words[] = {" FROM ", " JOIN "};
    for (size_t i = 0; i < COUNT(words); i++) {
        SCRATCH(tmp);
        const char *name = at + strlen(words[i]);
        if (strncmp(at, words[i], strlen(words[i])) != 0)
            continue;
        *after = name + name_length(name);
        return schema_find(query->differ->to, KIND_table, arena_strndup(&tmp, name, (size_t)(*after - name)));
    }
    return NULL;
}

const char *query_before(const Differ *differ, const Object *new, const char *text)
{
    Query query = {.differ = differ, .text = text, .out = {.arena = differ->arena}, .possible = true};
    char quote = '\0';
    for (size_t i = 0; i < new->needs.len; i++)
        query.possible &= exists_before(differ, new->needs.items[i]);
    for (const char *at = text; *at && query.possible;) {
        const char *after = NULL;
        const Object *table = quote ? NULL : table_at(&query, at, &after);
        if (table) {
            sb_printf(&query.out, "%.*s", (int)strlen(" FROM "), at);
            at = add_table(&query, table, after);
            continue;
        }
        if (*at == quote)
            quote = '\0';
        else if (!quote && (*at == '\'' || *at == '"'))
            quote = *at;
        sb_char(&query.out, *at++);
    }
    return query.possible ? sb_done(&query.out) : NULL;
}

/* A new column with a volatile default: added without it, and then filled in batches, so that the table is
 * not rewritten under a lock. */
#include <string.h>

#include "schema/differ.h"

static const char not_null[] = " NOT NULL";

/* " DEFAULT random()", or "" where each row would get the same. */
static const char *default_of(const Object *column)
{
    for (size_t i = 0; i < column->users.len; i++) {
        const Object *user = column->users.items[i];
        if (user->kind == KIND_default && user->parent == column && object_is(user, 'r') && user->inl)
            return user->inl;
    }
    return "";
}

/* Triggers would change more than the column, rules would do something else, and policies hide rows. */
static bool is_plain(const Object *table)
{
    if (table->kind != KIND_table || is_partitioned(table) || is_child(table) || object_is(table, 'f'))
        return false;
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *user = table->users.items[i];
        if (user->kind == KIND_trigger || user->kind == KIND_rule || user->kind == KIND_policy ||
            (user->kind == KIND_inherit && user->parent != table))
            return false;
    }
    return true;
}

/* " CONSTRAINT name NOT NULL", from server 18 on, at the end of ADD COLUMN; "" where it has no name. */
static const char *named_not_null(Arena *arena, const Object *column, const char *add)
{
    const char *part =
        column->not_null ? arena_printf(arena, " CONSTRAINT %s%s", column->not_null, not_null) : "";
    return ends_in(add, part) ? part : "";
}

static const TextVec *own_statements(const DiffStep *step)
{
    return step->apart.len ? &step->apart : &step->sql;
}

static bool is_one_column(const DiffStep *step)
{
    SCRATCH(tmp);
    static const char add[] = " ADD COLUMN ";
    const Object *column = step->object;
    if (step->verb != VERB_CREATE || column->kind != KIND_column || !step->rewrites)
        return false;
    const char *value = default_of(column);
    const TextVec *sql = own_statements(step);
    const char *at = sql->len ? strstr(sql->items[0], add) : NULL;
    bool ends_with_default =
        at && ends_in(at, arena_printf(&tmp, "%s%s", value, named_not_null(&tmp, column, at)));
    for (size_t i = 0; i < column->needs.len; i++)
        if (column->needs.items[i]->kind == KIND_domain)
            return false;
    return *value && ends_with_default && is_plain(column->parent);
}

bool can_be_filled(const DiffStep *step)
{
    return !step->joined && !step->joint_note && !step->apart.len && is_one_column(step);
}

void part_filled_columns(const Diff *diff)
{
    for (size_t i = 0; i < diff->steps.len; i++) {
        DiffStep *step = diff->steps.items[i];
        bool all = step->apart.len && !step->joined && is_one_column(step);
        size_t end = i + 1;
        for (; end < diff->steps.len && diff->steps.items[end]->joined == step; end++)
            all = all && is_one_column(diff->steps.items[end]);
        for (size_t k = i; all && k < end; k++) {
            DiffStep *one = diff->steps.items[k];
            one->sql = one->apart;
            one->apart = (TextVec){0};
            one->joined = NULL;
            one->joint_note = NULL;
            if (k > i)
                one->next = step->next; /* what waits for one of them may wait for all */
        }
    }
}

/* So many pages at a time, without waiting for rows that others have locked. These, and rows that others
 * moved into a page that was passed already, are filled last. */
static const char *fill_sql(Arena *arena, const Object *column)
{
    StrBuf sql = {.arena = arena};
    const char *table = column->parent->ident, *c = object_name(column), *quote = "$fill$";
    while (strstr(table, quote) || strstr(c, quote))
        quote = arena_printf(arena, "$_%s", quote + 1);
    sb_printf(&sql,
              "DO %s\n"
              "DECLARE\n"
              "    pages CONSTANT bigint := 100; -- in each transaction\n"
              "    last CONSTANT bigint := pg_catalog.pg_relation_size(",
              quote);
    sb_literal(&sql, table);
    sb_printf(&sql,
              ") / pg_catalog.current_setting('block_size')::bigint;\n"
              "BEGIN\n"
              "    FOR page IN 0 .. last BY pages LOOP\n"
              "        UPDATE %s SET %s = DEFAULT WHERE ctid = ANY (ARRAY(\n"
              "            SELECT ctid FROM %s WHERE %s IS NULL\n"
              "               AND ctid >= pg_catalog.format('(%%s,0)', page)::pg_catalog.tid\n"
              "               AND ctid < pg_catalog.format('(%%s,0)', page + pages)::pg_catalog.tid\n"
              "               FOR NO KEY UPDATE SKIP LOCKED));\n"
              "        COMMIT;\n"
              "    END LOOP;\n"
              "END\n"
              "%s",
              table, c, table, c, quote);
    return sb_done(&sql);
}

Filling filling_of(Arena *arena, const DiffStep *step)
{
    const Object *column = step->object;
    const char *value = default_of(column), *add = step->sql.items[0], *table = column->parent->ident,
               *c = object_name(column);
    const char *named = named_not_null(arena, column, add);
    size_t len = strlen(add) - strlen(value) - strlen(named);
    bool required =
        len > strlen(not_null) && strncmp(add + len - strlen(not_null), not_null, strlen(not_null)) == 0;
    const Facet *facet = object_facet(column, "not null");
    return (Filling){
        .add = arena_strndup(arena, add, len - (required ? strlen(not_null) : 0)),
        .not_null = *named  ? named_not_null_sql(arena, column)
                    : facet ? facet->make
                            : NULL,
        .set_default = arena_printf(arena, "ALTER TABLE %s ALTER COLUMN %s SET%s", table, c, value),
        .fill = fill_sql(arena, column),
        .fill_rest = arena_printf(arena, "UPDATE %s SET %s = DEFAULT WHERE %s IS NULL", table, c, c)};
}

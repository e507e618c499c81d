/* Changes that rewrite a table, or alter the types of its columns: those of one table become one ALTER TABLE,
 * so that it is locked and rewritten once. */
#include <string.h>

#include "schema/differ.h"

enum { NOT_FOUND = -1 };

static const Object *table_of(const DiffStep *step)
{
    const Object *object = step->object;
    if (step->verb == VERB_DROP)
        return NULL;
    if (object->kind == KIND_column)
        return object->parent;
    return object->kind == KIND_table && step->verb == VERB_ALTER ? object : NULL;
}

/* What follows "ALTER TABLE t " where it can be one of several; NULL = it cannot. */
static const char *subcommand_of(const Object *table, const char *sql)
{
    static const char alter[] = "ALTER TABLE ", column[] = "ALTER COLUMN ";
    static const char *const others[] = {"ADD COLUMN ", "SET LOGGED", "SET UNLOGGED", "SET ACCESS METHOD ",
                                         "SET TABLESPACE "};
    size_t len = strlen(table->ident);
    if (strncmp(sql, alter, strlen(alter)) != 0 || strncmp(sql + strlen(alter), table->ident, len) != 0 ||
        sql[strlen(alter) + len] != ' ')
        return NULL;
    const char *rest = sql + strlen(alter) + len + 1;
    for (size_t i = 0; i < COUNT(others); i++)
        if (strncmp(rest, others[i], strlen(others[i])) == 0)
            return rest;
    return strncmp(rest, column, strlen(column)) == 0 ? rest : NULL;
}

static bool alters_type(const DiffStep *step, const char *subcommand)
{
    SCRATCH(tmp);
    if (step->object->kind != KIND_column || (step->verb != VERB_ALTER && step->verb != VERB_ASIDE))
        return false;
    const char *type = arena_printf(&tmp, "ALTER COLUMN %s TYPE ", object_name(step->object));
    return strncmp(subcommand, type, strlen(type)) == 0;
}

/* The server creates the sequence of a new column as LOGGED or UNLOGGED as the table is before the statement.
 */
static bool needs_changed_table(const Differ *differ, const DiffStep *step)
{
    const Object *column = step->object, *table = column->parent;
    return step->verb == VERB_CREATE && column->kind == KIND_column && table->twin &&
           facet_differs(table->twin, table, "unlogged") &&
           (object_is(column, 'd') || serial_part(differ, column));
}

/* The statement of the step that can be joined with those of others; NOT_FOUND where there is none or
 * several. A new column that does not rewrite its table stays apart, and so can be seen. */
static int joined_statement(const Differ *differ, const DiffStep *step)
{
    const Object *table = table_of(step);
    int found = NOT_FOUND;
    if (needs_changed_table(differ, step))
        return NOT_FOUND;
    for (size_t i = 0; table && i < step->sql.len; i++) {
        const char *subcommand = subcommand_of(table, step->sql.items[i]);
        if (!subcommand)
            continue;
        bool is_column = strncmp(subcommand, "ALTER COLUMN ", strlen("ALTER COLUMN ")) == 0;
        if (is_column ? !alters_type(step, subcommand) : !step->rewrites)
            continue;
        if (found != NOT_FOUND)
            return NOT_FOUND;
        found = (int)i;
    }
    return found;
}

/* ------------------------------------------------------------------ moving */

static void number_steps(const Diff *diff)
{
    for (size_t i = 0; i < diff->steps.len; i++)
        diff->steps.items[i]->place = i;
}

/* Marks the steps between two that must come before the second; is the first one of them? That a new column
 * comes after the change of its table is no reason: both can be made at once. */
static bool mark_between(const Diff *diff, size_t first, size_t second, bool *before)
{
    before[second] = true;
    for (size_t i = second; i-- > first;) {
        const DiffStep *step = diff->steps.items[i];
        for (size_t k = 0; k < step->next.len && !before[i]; k++) {
            size_t next = step->next.items[k]->place;
            before[i] = next <= second && before[next] &&
                        (i > first || next < second || step->object->kind != KIND_table);
        }
    }
    return before[first];
}

/* Moves the second step, and before both what must come before it, to the first and those joined with it. */
static void move_together(const Diff *diff, size_t first, size_t second, const bool *before)
{
    enum { BEFORE, FIRST, SECOND, BEHIND, GROUPS };
    SCRATCH(tmp);
    DiffStep **moved = NEWN(&tmp, DiffStep *, second - first + 1);
    size_t len = 0;
    for (int group = BEFORE; group < GROUPS; group++)
        for (size_t i = first; i <= second; i++) {
            bool is_first = i == first || diff->steps.items[i]->joined == diff->steps.items[first];
            int of = i == second ? SECOND : is_first ? FIRST : before[i] ? BEFORE : BEHIND;
            if (of == group)
                moved[len++] = diff->steps.items[i];
        }
    memcpy(diff->steps.items + first, moved, len * sizeof *moved);
}

/* ------------------------------------------------------------------ joining */

static void join_statements(Arena *arena, const Object *table, DiffStep *step, size_t at,
                            const DiffStep *other, size_t other_at)
{
    TextVec sql = {0};
    const char *mine = step->sql.items[at], *rest = strstr(mine, table->ident) + strlen(table->ident);
    const char *more = subcommand_of(table, other->sql.items[other_at]);
    const char *space = *rest == ' ' ? "\n   " : ""; /* where it is the first that joins */
    for (size_t i = 0; i < at; i++)
        vec_push(arena, &sql, step->sql.items[i]);
    for (size_t i = 0; i < other_at; i++)
        vec_push(arena, &sql, other->sql.items[i]);
    vec_push(arena, &sql,
             arena_printf(arena, "%.*s%s%s,\n    %s", (int)(rest - mine), mine, space, rest, more));
    for (size_t i = at + 1; i < step->sql.len; i++)
        vec_push(arena, &sql, step->sql.items[i]);
    for (size_t i = other_at + 1; i < other->sql.len; i++)
        vec_push(arena, &sql, other->sql.items[i]);
    if (!step->apart.len)
        step->apart = step->sql;
    step->sql = sql;
}

/* What had to wait for the other step, or come before it, does so for the one that does both now. */
static void join_edges(Arena *arena, const Diff *diff, DiffStep *step, DiffStep *other)
{
    for (size_t i = 0; i < other->next.len; i++)
        vec_push(arena, &step->next, other->next.items[i]);
    for (size_t i = 0; i < diff->steps.len; i++) {
        DiffStep *before = diff->steps.items[i];
        for (size_t k = 0; k < before->next.len; k++)
            if (before->next.items[k] == other)
                before->next.items[k] = step;
    }
    other->next.len = 0;
    other->joined = step;
    other->apart = other->sql;
    for (size_t i = 0; i < other->privileges.len; i++)
        vec_push(arena, &step->privileges, other->privileges.items[i]);
    other->sql = other->privileges = (TextVec){0};
}

typedef struct Joined {
    DiffStep *step;
    size_t at; /* of its statements */
} Joined;

static bool join(const Differ *differ, const Diff *diff, const Object *table, Joined *one,
                 const Joined *other)
{
    SCRATCH(tmp);
    size_t first = one->step->place, second = other->step->place;
    bool *before = NEWN(&tmp, bool, diff->steps.len + 1);
    if (second < first || mark_between(diff, first, second, before))
        return false;
    move_together(diff, first, second, before);
    number_steps(diff);
    join_statements(differ->arena, table, one->step, one->at, other->step, other->at);
    join_note(differ->arena, one->step, other->step);
    join_edges(differ->arena, diff, one->step, other->step);
    one->at += other->at;
    return true;
}

void differ_join_rewrites(const Differ *differ, const Diff *diff)
{
    SCRATCH(tmp);
    VEC(Joined) found = {0};
    number_steps(diff);
    for (size_t i = 0; i < diff->steps.len; i++) {
        int at = joined_statement(differ, diff->steps.items[i]);
        if (at != NOT_FOUND)
            vec_push(&tmp, &found, ((Joined){diff->steps.items[i], (size_t)at}));
    }
    for (size_t i = 0; i < found.len; i++) {
        const Object *table = found.items[i].step ? table_of(found.items[i].step) : NULL;
        for (size_t k = i + 1; table && k < found.len; k++)
            if (found.items[k].step && table_of(found.items[k].step) == table &&
                join(differ, diff, table, &found.items[i], &found.items[k]))
                found.items[k].step = NULL;
    }
}

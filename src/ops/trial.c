/* Trying statements in a shadow database: planning, running, and comparing with what was wanted. */
#include "ops/trial.h"

#include <string.h>

#include "pg/load.h"
#include "pg/query.h"
#include "pg/settle.h"

/* What the casts are asked of: a database that has the types of the side. */
void plan_between(Arena *arena, const Side *from, const Side *to, bool online, Diff *out)
{
    const DiffOptions options = {.cast = catalog_cast, .context = to->conn, .online = online};
    diff_make(arena, &from->schema, &to->schema, &options, out);
}

/* Nobody has seen the text that the line is counted in: its first line is shown. */
static const char *failure(Arena *arena, const char *what, const char *sql, const Err *err)
{
    StrCut line = {.tail = str_of(sql)};
    for (int i = 0; i < err->line; i++)
        line = str_cut(line.tail, '\n');
    return arena_printf(arena, "%s failed at \"%.*s\": %s", what, STR_ARG(line.head), err->message);
}

bool trial_run(Side *trial, const char *what, const Statements *statements, bool *outside,
               const char **unproven, Err *err)
{
    static const char unsafe_new_enum_value[] = "55P04";
    SCRATCH(tmp);
    const char *path = arena_printf(&tmp, "(%s)", what);
    bool good = !*outside && load_sql(trial->conn, path, str_of(statements->sql),
                                      &(Load){.whole = true, .plan = true}, err);
    if (!good && !*outside && strcmp(err->sqlstate, unsafe_new_enum_value) == 0)
        *outside = true;
    if (!good && *outside)
        good = load_sql(trial->conn, path, str_of(statements->apart), &(Load){.plan = true}, err);
    if (good)
        return side_read(trial, err);
    *unproven = failure(&trial->project->arena, what, *outside ? statements->apart : statements->sql, err);
    return err->code == CMIG_ERR_SQL;
}

static void name_steps(StrBuf *text, const Diff *diff)
{
    enum { MANY = 10 };
    for (size_t i = 0; i < diff->steps.len && i < MANY; i++)
        sb_printf(text, "%s%s %s", i ? ", " : "", kinds[diff->steps.items[i]->object->kind].name,
                  diff->steps.items[i]->object->ident);
    if (diff->steps.len > MANY)
        sb_printf(text, " and %zu more", diff->steps.len - MANY);
}

bool trial_compare(Side *trial, const char *what, const Side *like, const char **unproven, Err *err)
{
    Arena *arena = &trial->project->arena;
    Diff left;
    StrBuf text = {.arena = arena};
    if (!settle(trial->conn, arena, &like->schema, &trial->schema, err))
        return false;
    plan_between(arena, trial, like, false, &left);
    if (left.steps.len == 0)
        return true;
    sb_printf(&text, "after %s these still differ: ", what);
    name_steps(&text, &left);
    *unproven = sb_done(&text);
    return true;
}

bool trial_try(Side *trial, const char *what, const Statements *statements, const Side *like, bool *outside,
               const char **unproven, Err *err)
{
    return trial_run(trial, what, statements, outside, unproven, err) &&
           (*unproven || trial_compare(trial, what, like, unproven, err));
}

/* The server chooses the names of the foreign keys that partitions of the copy have from above. A plan that
 * drops them needs the names that they have in the original. */
static bool name_keys(Side *copy, const Side *from, Err *err)
{
    for (size_t i = 0; i < from->schema.all.len; i++) {
        const Object *link = from->schema.all.items[i];
        SCRATCH(tmp);
        StrBuf sql = {.arena = &tmp};
        if (!link->key_names)
            continue;
        sql_fill(&sql, sql_key_names,
                 (SqlValue[]){{"table", link->parent->ident}, {"names", link->key_names}}, 2);
        if (!query_run(copy->conn, sb_done(&sql), NULL, err))
            return false;
    }
    return true;
}

bool trial_copy(Side *copy, CmigProject *project, const Side *from, bool privileges, Err *err)
{
    Arena *arena = &project->arena;
    const DiffOptions options = {.cast = catalog_cast, .context = from->conn, .is_copy = true};
    Diff all;
    if (!side_empty(copy, project, privileges, err))
        return false;
    diff_make(arena, &copy->schema, &from->schema, &options, &all);
    return load_sql(copy->conn, "(a copy of the old side)",
                    str_of(statements_text(arena, &all, STATEMENTS_FOR_SHADOW)), &(Load){.whole = true},
                    err) &&
           name_keys(copy, from, err);
}

bool trial_open(Side *trial, CmigProject *project, const Side *from, bool privileges, const char **unproven,
                Err *err)
{
    if (trial_copy(trial, project, from, privileges, err))
        return side_read(trial, err) &&
               trial_compare(trial, "making a copy of the old side", from, unproven, err);
    *unproven = arena_printf(&project->arena, "a copy of the old side could not be made: %s", err->message);
    return err->code == CMIG_ERR_SQL;
}

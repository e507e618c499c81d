/* Trying statements in a shadow database: planning, running, and comparing with what was wanted. */
#include "ops/trial.h"

#include <string.h>

#include "pg/load.h"
#include "pg/settle.h"

/* ------------------------------------------------------------------ planning */

/* What the casts are asked of: a database that has the types of the side. */
void plan_between(Arena *arena, const Side *from, const Side *to, Diff *out)
{
    const DiffOptions options = {.cast = catalog_cast, .context = to->conn};
    diff_make(arena, &from->schema, &to->schema, &options, out);
}

static bool makes_routine(const Diff *diff)
{
    for (size_t i = 0; i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        if (step->verb != VERB_DROP &&
            (step->object->kind == KIND_function || step->object->kind == KIND_procedure))
            return true;
    }
    return false;
}

/* A name may have the end of a line in it, which would end the comment. */
static void add_note(StrBuf *sql, const char *note)
{
    sb_text(sql, "-- ");
    for (; *note; note++)
        sb_char(sql, *note == '\n' || *note == '\r' ? ' ' : *note);
    sb_char(sql, '\n');
}

static void add_statements(StrBuf *sql, const TextVec *statements)
{
    for (size_t i = 0; i < statements->len; i++) {
        Str text = str_trim(str_of(statements->items[i]));
        while (text.len && text.data[text.len - 1] == ';')
            text.len--;
        sb_printf(sql, "%.*s;\n", STR_ARG(text));
    }
}

static const char *text_of(Arena *arena, const Diff *diff, bool privileges)
{
    StrBuf sql = {.arena = arena};
    if (makes_routine(diff)) /* a body may name what comes later */
        sb_text(&sql, "SET check_function_bodies = off;\n");
    for (size_t i = 0; i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        if (sql.len && step->sql.len)
            sb_char(&sql, '\n');
        if (step->note)
            add_note(&sql, step->note);
        add_statements(&sql, &step->sql);
        if (privileges)
            add_statements(&sql, &step->privileges);
    }
    return sb_done(&sql);
}

const char *diff_text(Arena *arena, const Diff *diff)
{
    return text_of(arena, diff, true);
}

const char *diff_text_for_shadow(Arena *arena, const Diff *diff)
{
    return text_of(arena, diff, false);
}

const char *both_texts(Arena *arena, const char *first, const char *second)
{
    return arena_printf(arena, "%s%s%s", first, *first && *second ? "\n" : "", second);
}

/* ------------------------------------------------------------------ trying */

/* A new value of an enum cannot be used in the transaction that adds it. */
bool load_text(Conn *conn, const char *what, const char *sql, bool *outside, Err *err)
{
    static const char unsafe_new_enum_value[] = "55P04";
    SCRATCH(tmp);
    const char *path = arena_printf(&tmp, "(%s)", what);
    if (!*outside && load_sql(conn, path, str_of(sql), true, err))
        return true;
    if (!*outside && strcmp(err->sqlstate, unsafe_new_enum_value) != 0)
        return false;
    *outside = true;
    return load_sql(conn, path, str_of(sql), false, err);
}

bool trial_run(Side *trial, const char *what, const char *sql, bool *outside, const char **unproven, Err *err)
{
    if (load_text(trial->conn, what, sql, outside, err))
        return side_read(trial, err);
    *unproven =
        arena_printf(&trial->project->arena, "%s fails in line %d: %s", what, err->line, err->message);
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
    plan_between(arena, trial, like, &left);
    if (left.steps.len == 0)
        return true;
    sb_printf(&text, "after %s these still differ: ", what);
    name_steps(&text, &left);
    *unproven = sb_done(&text);
    return true;
}

bool trial_try(Side *trial, const char *what, const char *sql, const Side *like, bool *outside,
               const char **unproven, Err *err)
{
    return trial_run(trial, what, sql, outside, unproven, err) &&
           (*unproven || trial_compare(trial, what, like, unproven, err));
}

bool trial_open(Side *trial, CmigProject *project, const Side *from, bool privileges, const char **unproven,
                Err *err)
{
    Diff copy;
    bool outside = false;
    if (!side_empty(trial, project, privileges, err))
        return false;
    plan_between(&project->arena, trial, from, &copy);
    return trial_try(trial, "a copy of the old side", diff_text_for_shadow(&project->arena, &copy), from,
                     &outside, unproven, err);
}

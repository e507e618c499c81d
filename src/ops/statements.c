/* The text of a plan: its statements, each below what a person should know of it. */
#include "ops/statements.h"

#include "sql/classify.h"

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

/* A name or literal in a query may contain the end of a line, which would end the comment: the next line is a
 * comment too, and without the "-- " the query is what it was. */
static void add_note(StrBuf *sql, const char *note)
{
    sb_text(sql, "-- ");
    for (; *note; note++)
        if (*note == '\n' || *note == '\r')
            sb_text(sql, "\n-- ");
        else
            sb_char(sql, *note);
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

/* How many statements the steps have that share a transaction with the one at from; *to is behind the last.
 */
static size_t count_unit(const Diff *diff, size_t from, StatementsFor use, size_t *to)
{
    size_t count = 0, unit = diff->steps.items[from]->unit;
    for (*to = from; *to < diff->steps.len && diff->steps.items[*to]->unit == unit; ++*to) {
        const DiffStep *step = diff->steps.items[*to];
        count += step->sql.len + (use == STATEMENTS_FOR_USE ? step->privileges.len : 0);
    }
    return count;
}

static void add_step(StrBuf *sql, const DiffStep *step, StatementsFor use)
{
    if (sql->len && step->sql.len)
        sb_char(sql, '\n');
    if (step_comment(step))
        add_note(sql, step_comment(step));
    if (step->advice)
        add_note(sql, step->advice);
    add_statements(sql, &step->sql);
    if (use == STATEMENTS_FOR_USE)
        add_statements(sql, &step->privileges);
}

/* Would the server read a statement differently if standard_conforming_strings were off? */
static bool has_backslash_strings(const Diff *diff)
{
    for (size_t i = 0; i < diff->steps.len; i++)
        for (size_t k = 0; k < diff->steps.items[i]->sql.len; k++)
            if (statement_has_backslash_string((Sql){.text = str_of(diff->steps.items[i]->sql.items[k])}))
                return true;
    return false;
}

/* The server prints expressions for sessions that read backslashes as such and look into pg_catalog first. */
const char *statements_settings(Arena *arena, const Diff *diff)
{
    StrBuf sql = {.arena = arena};
    if (makes_routine(diff)) /* a body may name what comes later */
        sb_text(&sql, "SET check_function_bodies = off;\n");
    if (diff->session.backslashes && has_backslash_strings(diff))
        sb_text(&sql, "SET standard_conforming_strings = on;\n");
    if (diff->session.path && diff->steps.len)
        sb_printf(&sql, "SET search_path = %s;\n", diff->session.path);
    return sb_done(&sql);
}

const char *statements_text(Arena *arena, const Diff *diff, StatementsFor use)
{
    StrBuf sql = {.arena = arena};
    sb_text(&sql, statements_settings(arena, diff));
    for (size_t i = 0, end; i < diff->steps.len; i = end) {
        bool together = count_unit(diff, i, use, &end) > 1 && diff->steps.items[i]->unit;
        if (together)
            sb_printf(&sql, "%sBEGIN;\n", sql.len ? "\n" : "");
        for (; i < end; i++)
            add_step(&sql, diff->steps.items[i], use);
        if (together)
            sb_text(&sql, "\nCOMMIT;\n");
    }
    return sb_done(&sql);
}

const char *both_texts(Arena *arena, const char *first, const char *second)
{
    return arena_printf(arena, "%s%s%s", first, *first && *second ? "\n" : "", second);
}

static const char *in_transaction(Arena *arena, const char *sql)
{
    return *sql ? arena_printf(arena, "BEGIN;\n\n%s\nCOMMIT;\n", sql) : "";
}

static bool adds_values(const DiffStep *step)
{
    return step->verb == VERB_ALTER && step->object->kind == KIND_enum;
}

Statements statements_of(Arena *arena, const char *first, const Diff *diff, const char *last,
                         StatementsFor use)
{
    Diff values = {.session = diff->session}, others = {.session = diff->session};
    for (size_t i = 0; i < diff->steps.len; i++) {
        DiffStep *step = diff->steps.items[i];
        vec_push(arena, adds_values(step) ? &values.steps : &others.steps, step);
    }
    const char *before = both_texts(arena, first, statements_text(arena, &values, use));
    const char *behind = both_texts(arena, statements_text(arena, &others, use), last);
    return (Statements){
        .sql = both_texts(arena, both_texts(arena, first, statements_text(arena, diff, use)), last),
        .apart = both_texts(arena, in_transaction(arena, before), in_transaction(arena, behind))};
}
